//! Tenants of multi-tenant distributions from the user's perspective: found, marked, invalidated, watched and checked
//! at the edge; and the failures that can occur.

#![expect(clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use invalidash::domain::target::TypedTarget;
use invalidash::emulator::{Creation, Fault, Operation, Options, Tenant, Trouble};

use crate::emulator::{ACME, SHOP, STOREFRONTS};
use crate::support::dashboard::{Aside, Person, Stage};

/// The second tenant of the sample data.
const BLUEBIRD: &str = "dt_2yMuV7NJuBcAB0cwwxMCBZQ1Q7k";

/// A stage without a past whose emulator has this trouble.
fn stage(faults: impl IntoIterator<Item = Fault>) -> Stage {
    let stage = Stage::new(Options {
        lived_in: false,
        ..Options::demo()
    });
    for fault in faults {
        stage.emulator.inject(fault);
    }
    stage
}

fn on_create(what: Trouble) -> Fault {
    Fault::new(what).on(Operation::CreateInvalidationForDistributionTenant)
}

fn creations(stage: &Stage) -> Vec<Creation> {
    stage.emulator.received().creations
}

fn calls(stage: &Stage, operation: Operation) -> u64 {
    let operations = stage.emulator.received().operations;
    operations.get(&operation).copied().unwrap_or_default()
}

/// Goes to the multi-tenant distribution.
async fn choose(person: &mut Person) {
    person.sees("www.lumen-shop.exam").await;
    person.press("/Hosted<enter>");
    person.sees("1 of 14").await;
}

/// Opens its tenants.
async fn open(person: &mut Person) {
    choose(person).await;
    person.press("t");
    person.sees("Tenants 12").await;
}

/// Composes these lines for the first tenant and confirms them.
async fn submit(person: &mut Person, lines: &str) {
    open(person).await;
    person.press("i");
    person.sees("Invalidate  shop.acme-bikes.example").await;
    person.paste(lines);
    person.press("<c-s>");
    person.sees("will be sent").await;
    person.press("<enter>");
}

#[tokio::test(start_paused = true)]
async fn the_tenants_are_found_filtered_and_left_again_and_the_distributions_know_their_number() {
    let stage = stage([]);
    stage
        .play(async |mut person| {
            choose(&mut person).await;
            person.sees("tenants ›").await;
            assert_eq!(calls(&stage, Operation::ListDistributionTenants), 0, "nobody asked");
            person.press("t");
            let screen = person.sees("Tenants 12").await;
            assert!(screen.contains("of EBTEN6FS2MK9XQ  Hosted storefronts"), "{screen}");
            for heading in ["Domains", "Name", "Id"] {
                assert!(screen.contains(heading), "{screen}");
            }
            assert!(screen.contains("shop.acme-bikes.example  +1"), "{screen}");
            person.press("/seeblick<enter>");
            person.sees("1 of 12").await;
            person.press("y");
            person.sees("Copied dt_3aRm0ZsJ6UfB1xWq3NoC8tKi5Hv").await;
            person.press("<esc>s");
            person.sees("by Domains").await;
            person.press("<esc>");
            person.sees("12 tenants ›").await;
            person.press("t");
            person.sees("Tenants 12").await;
            assert_eq!(calls(&stage, Operation::ListDistributionTenants), 1);
            person.press("r");
            person.waits(1).await;
            assert_eq!(calls(&stage, Operation::ListDistributionTenants), 2);
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_distribution_that_serves_by_itself_says_why_nothing_opens() {
    let stage = stage([]);
    stage
        .play(async |mut person| {
            person.sees("www.lumen-shop.example").await;
            person.press("t");
            person
                .sees("www.lumen-shop.example has no tenants because it is not multi-tenant")
                .await;
        })
        .await;
}

/// A tenant of the storefronts beside those of the sample data.
fn another(number: usize) -> Tenant {
    Tenant {
        id: format!("dt_many{number:023}"),
        distribution_id: STOREFRONTS.to_owned(),
        name: format!("site-{number:05}"),
        domains: vec![format!("www.site-{number:05}.example")],
        ..Tenant::default()
    }
}

#[tokio::test(start_paused = true)]
async fn thousands_of_tenants_come_page_by_page_while_somebody_looks_and_no_longer() {
    let stage = stage([]);
    for number in 0..2_988 {
        stage.emulator.put_tenant(another(number), stage.clock.now());
    }
    let pages = || calls(&stage, Operation::ListDistributionTenants);
    stage
        .play(async |mut person| {
            choose(&mut person).await;
            person.press("t");
            person.sees("2,000 so far").await;
            // After the burst, loading continues with one read a second, and the page responds meanwhile.
            person.press("/site-01234");
            person.sees("1 of 2,").await;
            person.press("<esc><esc>");
            person.sees("Distributions 14").await;
            let read = pages();
            person.waits(60).await;
            assert!((20..25).contains(&read) && pages() <= read + 1, "{read} {}", pages());
            person.press("t");
            person.sees("Tenants 3,000").await;
            person.misses("so far").await;
        })
        .await;
    assert_eq!(pages(), 30);
}

#[tokio::test(start_paused = true)]
async fn a_tenant_is_reviewed_with_its_names_sent_watched_and_left_where_it_was_found() {
    let stage = stage([]);
    stage
        .play(async |mut person| {
            open(&mut person).await;
            person.press("<enter>");
            person.sees("No invalidations yet").await;
            person.press("i");
            person
                .sees(&format!("Invalidate  shop.acme-bikes.example  {ACME}"))
                .await;
            person.paste("https://shop.acme-bikes.example/index.html\nhttps://bluebird-books.example/a");
            person.sees("bluebird-books.example belongs to").await;
            person.press(&"<backspace>".repeat("/https://bluebird-books.example/a".len()));
            person.press("<c-s>");
            let review = person.sees("1 item will be sent").await;
            for fact in [
                &format!("shop.acme-bikes.example  {ACME}  acme-bikes"),
                "tenant of EBTEN6FS2MK9XQ  Hosted storefronts",
                "/index.html",
            ] {
                assert!(review.contains(fact), "{fact}\n{review}");
            }
            person.press("<enter>");
            person.sees("Completed after").await;
            person.press("<enter>");
            person.sees("CallerReference").await;
            person.press("a");
            person.waits(1).await;
            let copied = person.told().into_iter().find_map(|aside| match aside {
                Aside::Copied(text) => Some(text),
                Aside::Noticed(_) | Aside::Suspended | Aside::Mouse(_) => None,
            });
            let copied = copied.unwrap_or_default();
            assert!(
                copied.contains(&format!(
                    "cloudfront create-invalidation-for-distribution-tenant --id {ACME} --invalidation-batch '{{"
                )),
                "{copied}"
            );
            person.press("<esc><esc>");
            person.sees("Tenants 12").await;
            person.press("<esc>");
            person.sees("Distributions 14").await;
        })
        .await;
    let made = creations(&stage);
    assert_eq!(made.len(), 1);
    assert_eq!(
        (made[0].target.as_str(), made[0].items.as_slice()),
        (ACME, &["/index.html".to_owned()][..])
    );
    assert!(calls(&stage, Operation::GetInvalidationForDistributionTenant) > 0);
    assert_eq!(calls(&stage, Operation::GetInvalidation), 0);
}

#[tokio::test(start_paused = true)]
async fn marks_of_both_pages_make_one_job() {
    let stage = stage([]);
    stage
        .play(async |mut person| {
            person.sees("www.lumen-shop.example").await;
            person.press("<space>");
            person.sees("● 1 marked").await;
            open(&mut person).await;
            person.press("<space><space>");
            person.sees("● 3 marked, 2 tenants").await;
            person.press("i");
            person.sees("3 targets, 2 tenants").await;
            person.paste("/index.html");
            person.press("<c-s>");
            let review = person.sees("1 item will be sent to each of 3 targets").await;
            for fact in [
                &format!("bluebird-books.example  {BLUEBIRD}  bluebird-books"),
                "2 tenants of EBTEN6FS2MK9XQ  Hosted storefronts",
            ] {
                assert!(review.contains(fact), "{fact}\n{review}");
            }
            person.press("<enter>");
            person.sees("✓ Completed").await;
            person.waits(30).await;
            person.press("1");
            let screen = person.sees("Distributions 14").await;
            assert!(
                !screen.contains("marked"),
                "what was sent is no longer marked: {screen}"
            );
        })
        .await;
    let targets: BTreeSet<_> = creations(&stage).into_iter().map(|creation| creation.target).collect();
    assert_eq!(targets, BTreeSet::from([SHOP, ACME, BLUEBIRD].map(str::to_owned)));
}

#[tokio::test(start_paused = true)]
async fn a_tenant_is_composed_for_with_what_its_distribution_is_known_to_do() {
    let stage = stage([]);
    stage
        .play(async |mut person| {
            open(&mut person).await;
            person.press("i");
            person.sees("Invalidate  shop.acme-bikes.example").await;
            // Only the distribution's configuration says whether tags are kept.
            person.paste("#product:1042");
            person.sees("CacheTagConfig").await;
        })
        .await;
    assert_eq!(calls(&stage, Operation::GetDistribution), 1, "that of its distribution");
}

#[tokio::test(start_paused = true)]
async fn a_tenant_named_on_the_command_line_is_opened_without_any_list() {
    let denied = |operation| Fault::new(Trouble::AccessDenied).on(operation).always();
    let mut stage = stage([
        denied(Operation::ListDistributions),
        denied(Operation::ListDistributionTenants),
    ]);
    stage.preferences.target = ACME.parse::<TypedTarget>().ok();
    stage
        .play(async |mut person| {
            person.sees("No invalidations yet").await;
            person
                .sees(&format!("Invalidations  shop.acme-bikes.example  {ACME}"))
                .await;
            person.press("i/index.html<c-s>");
            person.sees("tenant of EBTEN6FS2MK9XQ").await;
            person.press("<enter>");
            person.sees("Completed after").await;
        })
        .await;
    assert_eq!(creations(&stage).len(), 1);
    assert_eq!(calls(&stage, Operation::GetDistributionTenant), 1);
}

#[tokio::test(start_paused = true)]
async fn after_a_restart_a_tenant_goes_on_under_its_name() {
    let stage = stage([on_create(Trouble::Drop).committed()]);
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("Unknown").await;
            // A write in progress ends before the program does.
            person.waits(1).await;
        })
        .await;
    stage.emulator.inject(
        Fault::new(Trouble::AccessDenied)
            .on(Operation::GetDistributionTenant)
            .always(),
    );
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("2");
            let screen = person.sees("✓ Completed").await;
            assert!(screen.contains("shop.acme-bikes.example"), "{screen}");
            person.press("c");
            person.sees("Invalidate  shop.acme-bikes.example").await;
            person.sees("/index.html").await;
        })
        .await;
    let made = creations(&stage);
    assert_eq!((made.len(), made[0].received, made[0].invalidations.len()), (1, 2, 1));
}

#[tokio::test(start_paused = true)]
async fn the_edge_is_asked_under_the_tenants_own_domain() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            open(&mut person).await;
            person.press("i");
            person.sees("Invalidate  shop.acme-bikes.example").await;
            person.paste("/index.html");
            person.press("<c-s>");
            person.sees("will be sent").await;
            person.press("v");
            let before = person.sees("Hit ").await;
            assert!(before.contains("shop.acme-bikes.example/index.html"), "{before}");
            person.waits(1).await;
            person.press("<esc><enter>");
            person.sees("Completed after").await;
            person.press("v");
            let after = person.sees("fresh").await;
            assert!(after.contains("shop.acme-bikes.example/index.html"), "{after}");
            person.press("<esc><esc>/tea<enter><enter>");
            person.sees("/products/").await;
            person.press("v");
            person.sees("the tenant is disabled and serves no viewers").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_tenant_that_is_gone_while_its_batch_waits_refuses_with_its_code() {
    let stage = stage([on_create(Trouble::TooManyInvalidations)]);
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("Retrying").await;
            stage.emulator.remove(ACME, stage.clock.now());
            person.sees("EntityNotFound").await;
            person.sees("Rejected").await;
            person.press("c");
            person.sees("/index.html").await;
        })
        .await;
    let made = creations(&stage);
    assert_eq!((made.len(), made[0].received, made[0].invalidations.len()), (1, 2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_storm_of_throttling_over_a_tenant_is_waited_out() {
    let stage = stage([on_create(Trouble::Throttling).times(12)]);
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("Throttling").await;
            for _ in 0..15 {
                person.waits(60).await;
                if !person.screen().contains("in flight") {
                    return;
                }
            }
            panic!("still under way:\n{}", person.screen());
        })
        .await;
    let made = creations(&stage);
    assert_eq!((made.len(), made[0].received, made[0].invalidations.len()), (1, 13, 1));
}

#[tokio::test(start_paused = true)]
async fn without_the_right_to_list_tenants_the_right_is_named_and_an_id_is_enough() {
    let denied = Fault::new(Trouble::AccessDenied)
        .on(Operation::ListDistributionTenants)
        .always();
    let stage = stage([denied]);
    stage
        .play(async |mut person| {
            choose(&mut person).await;
            person.press("t");
            let screen = person.sees("You are not allowed to list tenants").await;
            assert!(
                screen.contains("Missing: cloudfront:ListDistributionTenants"),
                "{screen}"
            );
            person.press("o");
            person.sees("alias, id, comment").await;
            person.press(&format!("{ACME}<enter>"));
            person.sees("Invalidations  shop.acme-bikes.example").await;
            person.press("i/a.html<c-s>");
            person.sees("1 item will be sent").await;
            person.press("<enter>");
            person.sees("Completed after").await;
        })
        .await;
    assert_eq!(creations(&stage).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_id_that_no_tenant_has_is_said_to_be_unknown() {
    let stage = stage([]);
    stage
        .play(async |mut person| {
            person.sees("www.lumen-shop.example").await;
            person.press("odt_gone0000000000000000001<enter>");
            person.sees("CloudFront cannot find dt_gone0000000000000000001").await;
            person.press("i/a.html<c-s>");
            person.sees("1 item will be sent").await;
            person.press("<enter>");
            person.sees("Rejected").await;
            person.sees("EntityNotFound").await;
        })
        .await;
    assert_eq!(
        creations(&stage)
            .iter()
            .map(|creation| creation.invalidations.len())
            .sum::<usize>(),
        0
    );
}

#[tokio::test(start_paused = true)]
async fn a_right_that_is_missing_for_tenants_is_named_as_it_is_called_for_them() {
    let denied = |operation| Fault::new(Trouble::AccessDenied).on(operation).always();
    let stage = stage([
        denied(Operation::ListInvalidationsForDistributionTenant),
        denied(Operation::GetInvalidationForDistributionTenant),
    ]);
    stage
        .play(async |mut person| {
            open(&mut person).await;
            person.press("<enter>");
            person
                .sees("Missing: cloudfront:ListInvalidationsForDistributionTenant")
                .await;
            person.press("i/a.html<c-s>");
            person.sees("1 item will be sent").await;
            person.press("<enter>");
            person
                .sees("you are allowed to create invalidations but not to read them")
                .await;
            person.press("<enter>");
            person.sees("GetInvalidationForDistributionTenant").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn the_address_that_a_tenant_serves_opens_it() {
    let mut stage = stage([]);
    stage.preferences.target = "https://shop.acme-bikes.example/en/".parse::<TypedTarget>().ok();
    stage
        .play(async |mut person| {
            person.sees("Invalidate  shop.acme-bikes.example").await;
            person.press("<esc>");
            person
                .sees(&format!("Invalidations  shop.acme-bikes.example  {ACME}"))
                .await;
            person.press("<esc>owww.nobody.example<enter>");
            person
                .sees("No distribution matches www.nobody.example in this account")
                .await;
            // The typed text is still there.
            person.press("<c-u>bluebird-books.example<enter>");
            person.sees("Invalidations  bluebird-books.example").await;
        })
        .await;
    assert_eq!(calls(&stage, Operation::GetDistributionTenantByDomain), 3);
}

#[tokio::test(start_paused = true)]
async fn without_multi_tenant_distributions_nobody_is_asked_for_a_tenant() {
    let stage = Stage::new(Options {
        lived_in: false,
        distributions: Some(3),
        ..Options::demo()
    });
    stage
        .play(async |mut person| {
            person.sees("www.lumen-shop.example").await;
            person.press("owww.nobody.example<enter>");
            person.sees("No distribution matches www.nobody.example").await;
        })
        .await;
    assert_eq!(calls(&stage, Operation::GetDistributionTenantByDomain), 0);
}

#[tokio::test(start_paused = true)]
async fn marks_that_are_no_longer_wanted_go_with_one_key() {
    let stage = stage([]);
    stage
        .play(async |mut person| {
            open(&mut person).await;
            person.press("<space><space><esc>");
            person.sees("● 2 marked").await;
            person.sees("Esc clear filter").await;
            person.press("<esc><esc>");
            person.misses("marked").await;
            person.press("gi");
            person.sees("Invalidate  www.lumen-shop.example").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn all_tenants_of_a_distribution_are_one_job_with_its_price_and_its_time_told_before() {
    let stage = stage([]);
    for number in 0..188 {
        stage.emulator.put_tenant(another(number), stage.clock.now());
    }
    stage
        .play(async |mut person| {
            choose(&mut person).await;
            person.press("I");
            person.sees("Invalidate  200 targets").await;
            assert_eq!(calls(&stage, Operation::ListDistributionTenants), 2, "paged in whole");
            person.paste("/index.html");
            person.press("<c-s>");
            let review = person.sees("1 item will be sent to each of 200 targets").await;
            for fact in [
                "200 tenants of EBTEN6FS2MK9XQ  Hosted storefronts",
                "max. $1.00",
                "200 requests will take about 6 min to send",
                "1 tenant is disabled",
            ] {
                assert!(review.contains(fact), "{fact}\n{review}");
            }
            person.press("<enter>");
            person.waits(420).await;
            person.press("m");
            person.sees("200 completed").await;
        })
        .await;
    let made = creations(&stage);
    let targets: BTreeSet<_> = made.iter().map(|creation| &creation.target).collect();
    assert_eq!((made.len(), targets.len()), (200, 200));
    assert!(made.iter().all(|creation| creation.invalidations.len() == 1));
    assert_eq!(calls(&stage, Operation::CreateInvalidation), 0);
}

#[tokio::test(start_paused = true)]
async fn the_filter_says_which_of_the_tenants_are_meant_and_what_is_typed_meanwhile_is_not_taken_away() {
    let stage = stage([]);
    stage
        .play(async |mut person| {
            open(&mut person).await;
            person.press("/enabled:yes !domains:acme<enter>");
            person.sees("10 of 12").await;
            person.waits(90).await;
            // The list is old by now: it is read again, and the filter being typed meanwhile keeps the keyboard focus.
            person.press("I/x");
            person.waits(2).await;
            person.sees("Tenants 12").await;
            person.press("<backspace><enter>");
            person.sees("Invalidate  10 targets").await;
        })
        .await;
    assert_eq!(calls(&stage, Operation::ListDistributionTenants), 2);
}

#[tokio::test(start_paused = true)]
async fn tenants_that_cannot_all_be_read_are_not_invalidated_in_part() {
    let denied = Fault::new(Trouble::AccessDenied)
        .on(Operation::ListDistributionTenants)
        .after(1);
    let stage = stage([denied]);
    for number in 0..188 {
        stage.emulator.put_tenant(another(number), stage.clock.now());
    }
    stage
        .play(async |mut person| {
            choose(&mut person).await;
            person.press("I");
            person.sees("could not load all tenants, so none were selected").await;
            person.sees("Tenants 100").await;
            person.press("<esc>");
            person.sees("Distributions 14").await;
            person.press("<esc>/www.lumen<enter>I");
            person.sees("has no tenants because it is not multi-tenant").await;
        })
        .await;
    assert_eq!(creations(&stage), []);
}

#[tokio::test(start_paused = true)]
async fn the_distribution_itself_is_known_to_be_refused_and_says_what_works_instead() {
    let stage = stage([]);
    stage
        .play(async |mut person| {
            choose(&mut person).await;
            person.press("i");
            person.sees("Invalidate").await;
            person.paste("/index.html");
            person.press("<c-s>");
            let review = person.sees("this is a multi-tenant distribution").await;
            for fact in [
                "one user reported a NoSuchDistribution error",
                "press I on the distribution",
            ] {
                assert!(review.contains(fact), "{review}");
            }
            person.press(&format!("{STOREFRONTS}<enter>"));
            person
                .sees("NoSuchDistribution; use I to invalidate all of its tenants instead")
                .await;
        })
        .await;
    assert_eq!(creations(&stage).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_tenant_is_opened_by_its_name() {
    let stage = stage([]);
    stage
        .play(async |mut person| {
            person.sees("www.lumen-shop.exam").await;
            person.press("obluebird-books<enter>");
            person
                .sees(&format!("Invalidations  bluebird-books.example  {BLUEBIRD}"))
                .await;
            person.press("onobody-here<enter>");
            person.sees("No tenant named nobody-here").await;
        })
        .await;
    let mut named = crate::tenants::stage([]);
    named.preferences.target = "tenant:acme-bikes".parse().ok();
    named
        .play(async |mut person| {
            person
                .sees(&format!("Invalidations  shop.acme-bikes.example  {ACME}"))
                .await;
        })
        .await;
}

/// A tenant none of whose domains leads to CloudFront yet.
const SOON: &str = "dt_soon00000000000000000000";

/// A stage with that tenant and this trouble.
fn before_dns(faults: impl IntoIterator<Item = Fault>) -> Stage {
    let stage = stage(faults);
    let domains = vec!["*.soon.example".to_owned(), "www.soon.example".to_owned()];
    let soon = Tenant {
        id: SOON.to_owned(),
        distribution_id: STOREFRONTS.to_owned(),
        name: "soon".to_owned(),
        inactive: domains.clone(),
        domains,
        connection_group_id: "cg_2whCJoXMYCjHcxaLGrkllvyABC".to_owned(),
        ..Tenant::default()
    };
    stage.emulator.put_tenant(soon, stage.clock.now());
    stage
}

#[tokio::test(start_paused = true)]
async fn a_tenant_is_checked_through_its_connection_group_before_dns_points_there() {
    let stage = before_dns([]);
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press(&format!("o{SOON}<enter>"));
            person.sees("Invalidations  *.soon.example").await;
            person.submits("/index.html").await;
            person.sees("Completed after").await;
            person.press("v");
            let screen = person.sees("fresh").await;
            for said in [
                "www.soon.example",
                "www.soon.example does not point to CloudFront yet",
                "d2whcjoxmycjhc.cloudfront.net",
            ] {
                assert!(screen.contains(said), "{said}:\n{screen}");
            }
            assert_eq!(calls(&stage, Operation::GetConnectionGroup), 1);
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn who_may_not_read_connection_groups_is_told_once_and_goes_on() {
    let denied = Fault::new(Trouble::AccessDenied).on(Operation::GetConnectionGroup);
    let stage = before_dns([denied.always()]);
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press(&format!("o{SOON}<enter>"));
            person
                .sees("checking a tenant whose DNS is not set up needs cloudfront:GetConnectionGroup")
                .await;
            person.submits("/index.html").await;
            person.sees("Completed after").await;
            person.press("v");
            person
                .sees("no domain points to CloudFront yet; checking the tenant needs cloudfront:GetConnectionGroup")
                .await;
            assert_eq!(calls(&stage, Operation::GetConnectionGroup), 1, "asked once");
        })
        .await;
}
