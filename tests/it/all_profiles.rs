//! Finds a URL in the accounts of all profiles: only when a key requests it, one profile at a time, each list loaded
//! once; a failure affects only its own profile.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use invalidash::domain::distribution::AccountId;
use invalidash::domain::failure::{CodeNeeded, Failure};
use invalidash::domain::options::AccountOptions;
use invalidash::domain::profile::Kind;
use invalidash::emulator::{Distribution, Emulator, Fault, Operation, Options, Settings, Tenant, Trouble};

use crate::support::dashboard::{Person, Stage};
use crate::support::samples::profile;

const THEIRS: &str = "210987654321";

/// Another account with so many distributions, of which the last has this alias.
fn account(stage: &Stage, distributions: usize, alias: &str) -> Arc<Emulator> {
    let settings = Settings {
        account: THEIRS.to_owned(),
        ..Settings::default()
    };
    let emulator = Emulator::new(Options {
        distributions: Some(distributions),
        settings,
        ..Options::default()
    });
    let elsewhere = Distribution {
        id: "E9ELSEWHERE".to_owned(),
        domain_name: "d9elsewhere.cloudfront.net".to_owned(),
        aliases: vec![alias.to_owned()],
        ..Distribution::default()
    };
    emulator.put(elsewhere, stage.clock.now());
    Arc::new(emulator)
}

/// The stage with these profiles beside the one in use, which is called demo.
fn stage(others: impl FnOnce(&Stage) -> Vec<(&'static str, Result<Arc<Emulator>, Failure>)>) -> Stage {
    let mut stage = Stage::demo();
    stage.size = (110, 34);
    stage.others = others(&stage)
        .into_iter()
        .map(|(name, leads)| (name.to_owned(), leads))
        .collect();
    let names = stage.others.keys().map(String::as_str);
    let names = ["demo"].into_iter().chain(names);
    stage.profiles = names.map(|name| profile(name, Kind::Keys, "", "", "")).collect();
    stage
}

fn calls(emulator: &Emulator, operation: Operation) -> u64 {
    emulator
        .received()
        .operations
        .get(&operation)
        .copied()
        .unwrap_or_default()
}

fn lists(emulator: &Emulator) -> u64 {
    calls(emulator, Operation::ListDistributions)
}

/// Searches for this from the dialog that opens a target.
async fn search(person: &mut Person, text: &str) {
    person.press("o");
    person.sees("saved list or URL").await;
    person.paste(text);
    person.press("<c-f>");
    person.sees("All profiles").await;
}

/// Waits until every profile has told.
async fn ended(person: &mut Person) -> String {
    person.misses("reading the profiles").await;
    person.misses("· searching").await
}

const URL: &str = "https://www.elsewhere.example/en/a.html?x=1";

#[tokio::test(start_paused = true)]
async fn a_url_is_found_in_another_account_and_one_key_composes_there() {
    let mut stage = stage(|stage| {
        let code = CodeNeeded {
            device: "arn:aws:iam::1:mfa/ada".to_owned(),
            refused: false,
            sentence: "a code is needed".to_owned(),
        };
        vec![
            ("prod", Ok(account(stage, 3, "www.elsewhere.example"))),
            ("ops", Err(Failure::CodeNeeded(code))),
            (
                "old",
                Err(Failure::Credentials("the keys of old were deleted".to_owned())),
            ),
            ("sso", Ok(account(stage, 1, "x.example"))),
            ("vault", Ok(account(stage, 1, "x.example"))),
        ]
    });
    for profile in stage.profiles.iter_mut().filter(|profile| profile.name == "sso") {
        profile.trouble = Some("log in".to_owned());
    }
    stage.preferences.engine.interactive.profiles = ["vault".to_owned()].into();
    let label = AccountOptions {
        label: "LIVE".to_owned(),
        ..AccountOptions::default()
    };
    stage.preferences.engine.accounts = BTreeMap::from([(AccountId::new(THEIRS), label)]);
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("o");
            person.paste(URL);
            person.sees("in all profiles").await;
            let asked: u64 = stage.others.values().flatten().map(|emulator| lists(emulator)).sum();
            assert_eq!(asked, 0, "nothing is asked without the key");
            person.press("<c-f>");
            person.sees("All profiles").await;
            let screen = ended(&mut person).await;
            for said in [
                "found in 1 of 6 profiles",
                "www.elsewhere.example/en/a.html?x=1",
                "✓ prod   210987654321 LIVE  www.elsewhere.example  E9ELSEWHERE",
                "✗ old ",
                "the keys of old were deleted",
                "not searched: needs an MFA code",
                "not searched: log in",
                "not searched: prompts for input",
                "not among its 14 distributions",
            ] {
                assert!(screen.contains(said), "{said}:\n{screen}");
            }
            for name in ["sso", "vault"] {
                let asked = stage.others[name].as_ref().map_or(0, |emulator| lists(emulator));
                assert_eq!(asked, 0, "{name}");
            }
            person.press("<enter>");
            let screen = person.sees("Invalidate  www.elsewhere.example").await;
            assert!(screen.contains("/en/a.html?x=1") && screen.contains("LIVE"), "{screen}");
            person.press("<esc><esc>");
            person.sees("Distributions 4").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_list_counts_for_an_hour_and_is_read_anew_on_request() {
    let stage = stage(|stage| vec![("prod", Ok(account(stage, 250, "www.elsewhere.example")))]);
    let Ok(prod) = &stage.others["prod"] else { return };
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            search(&mut person, URL).await;
            ended(&mut person).await;
            assert_eq!(lists(prod), 3, "251 distributions are three pages");
            person.press("<esc><esc>");
        })
        .await;
    // The next start reads it from the ledger.
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            tokio::time::sleep(Duration::from_mins(5)).await;
            search(&mut person, "www.elsewhere.example").await;
            let screen = ended(&mut person).await;
            assert!(screen.contains("read 5 min ago"), "{screen}");
            assert_eq!(lists(prod), 3);
            person.press("r");
            person.sees("read just now").await;
            ended(&mut person).await;
            assert_eq!(lists(prod), 6);
            tokio::time::sleep(Duration::from_secs(3_700)).await;
            person.press("<esc><esc>");
            search(&mut person, "E9ELSEWHERE").await;
            ended(&mut person).await;
            assert_eq!(lists(prod), 9, "an hour later it is read again");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_does_not_answer_is_given_up_and_esc_ends_the_search() {
    let stage = stage(|stage| {
        let [mute, torn, prod] =
            ["a.example", "b.example", "www.elsewhere.example"].map(|name| account(stage, 150, name));
        let on_list = |what| Fault::new(what).on(Operation::ListDistributions);
        mute.inject(on_list(Trouble::Hang).always());
        torn.inject(on_list(Trouble::AccessDenied).after(1).always());
        vec![("a-mute", Ok(mute)), ("b-torn", Ok(torn)), ("prod", Ok(prod))]
    });
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            search(&mut person, URL).await;
            person.sees("searching a-mute").await;
            let screen = ended(&mut person).await;
            assert!(screen.contains("no response within 20 s"), "{screen}");
            assert!(screen.contains("AccessDenied"), "{screen}");
            person.press("<esc>");
            person.misses("All profiles").await;
            let Ok(prod) = &stage.others["prod"] else { return };
            let before = lists(prod);
            person.press("<c-f>");
            person.sees("searching a-mute").await;
            person.press("<esc>");
            person.misses("All profiles").await;
            tokio::time::sleep(Duration::from_mins(2)).await;
            assert_eq!(lists(prod), before, "nothing more is asked");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_tenant_of_another_account_is_found_by_its_domain() {
    let stage = stage(|stage| {
        let prod = account(stage, 0, "x.example");
        let parent = Distribution {
            id: "E9PARENT".to_owned(),
            tenant_only: true,
            ..Distribution::default()
        };
        prod.put(parent, stage.clock.now());
        let tenant = Tenant {
            id: "dt_elsewhere".to_owned(),
            distribution_id: "E9PARENT".to_owned(),
            domains: vec!["shop.elsewhere.example".to_owned()],
            ..Tenant::default()
        };
        prod.put_tenant(tenant, stage.clock.now());
        vec![("prod", Ok(prod))]
    });
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            search(&mut person, "shop.elsewhere.example").await;
            let screen = ended(&mut person).await;
            assert!(screen.contains("dt_elsewhere"), "{screen}");
            assert!(screen.contains("not among its 14 distributions"), "{screen}");
            person.press("<enter>");
            person.sees("Invalidations  shop.elsewhere.example").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn the_profile_that_the_configuration_names_for_an_account_is_the_one_that_is_asked() {
    let mut stage = stage(|stage| {
        let [admin, reader] = [(); 2].map(|()| account(stage, 1, "www.elsewhere.example"));
        vec![("admin", Ok(admin)), ("reader", Ok(reader))]
    });
    stage.profiles = vec![
        profile("admin", Kind::Keys, "", "", ""),
        profile("reader", Kind::Role, THEIRS, "reader", ""),
    ];
    let label = AccountOptions {
        profile: "admin".to_owned(),
        ..AccountOptions::default()
    };
    stage.preferences.engine.accounts = BTreeMap::from([(AccountId::new(THEIRS), label)]);
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            search(&mut person, URL).await;
            let screen = ended(&mut person).await;
            assert!(screen.contains("not searched: same account as admin"), "{screen}");
            let Ok(reader) = &stage.others["reader"] else { return };
            assert_eq!(lists(reader), 0);
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_searched_for_is_said_and_asks_nobody() {
    let stage = stage(|stage| vec![("prod", Ok(account(stage, 1, "x.example")))]);
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("o<c-f>");
            person.sees("type an alias, a domain name, an id or a URL first").await;
            person.paste("not a target");
            person.press("<c-f>");
            person.sees("use a distribution's id, ARN, alias").await;
            let Ok(prod) = &stage.others["prod"] else { return };
            assert_eq!(lists(prod), 0);
        })
        .await;
}
