//! The states of which snapshots are taken.

use invalidash::app::message::Message;
use invalidash::domain::distribution::{DistributionId, Target};
use invalidash::domain::edge::EdgeResponse;
use invalidash::domain::failure::Failure;
use invalidash::domain::invalidation::{InvalidationId, InvalidationSummary, Page, Status};
use invalidash::domain::ledger_failure::{LedgerFailure, LedgerFailureKind};
use invalidash::domain::month::Count;
use invalidash::domain::profile::Kind;
use invalidash::domain::submission::{JobId, Scope, State, Submission};
use invalidash::engine::effect::{Answer, LedgerContents};
use invalidash::engine::pending::{CallRequest, LedgerRequest};
use invalidash::engine::session::{KeyFacts, Who};
use invalidash::engine::timers::TimerKind;

use crate::support::samples::{self, completed, fleet, in_progress, invalidation, refused, summary};
use crate::support::scene::{Scene, preferences};

/// A name and what makes the scene.
pub(crate) type Named = (&'static str, fn() -> Scene);

/// All of them.
pub(crate) fn all() -> Vec<Named> {
    let mut all = screens();
    all.extend(super::history::all());
    all.extend(super::login::all());
    all.extend(super::makers::all());
    all
}

fn screens() -> Vec<Named> {
    vec![
        ("first-frame", first_frame),
        ("distributions", distributions),
        ("distributions-filter", distributions_filter),
        ("distributions-no-match", distributions_no_match),
        ("distributions-reading", distributions_reading),
        ("distributions-empty", distributions_empty),
        ("distributions-stale", distributions_stale),
        ("distributions-login", distributions_login),
        ("distributions-denied", distributions_denied),
        ("distributions-hostile", distributions_hostile),
        ("tenants", tenants),
        ("tenants-reading", tenants_reading),
        ("tenants-empty", tenants_empty),
        ("tenants-denied", tenants_denied),
        ("tenants-hostile", tenants_hostile),
        ("tenants-review", tenants_review),
        ("tenants-known", tenants_known),
        ("invalidations", invalidations),
        ("invalidations-trouble", invalidations_trouble),
        ("invalidations-all", invalidations_all),
        ("invalidations-reading", invalidations_reading),
        ("invalidations-none", invalidations_none),
        ("invalidations-denied", invalidations_denied),
        ("invalidations-hostile", invalidations_hostile),
        ("details", details),
        ("details-refused", details_refused),
        ("details-hostile", details_hostile),
        ("composer", composer),
        ("composer-empty", composer_empty),
        ("ledger-closed", ledger_closed),
        ("ledger-closed-composer", ledger_closed_composer),
        ("composer-hostile", composer_hostile),
        ("collapse", collapse),
        ("review", review),
        ("review-everything", review_everything),
        ("review-everything-covered", review_everything_covered),
        ("review-several", review_several),
        ("review-request", review_request),
        ("review-hostile", review_hostile),
        ("countdown", countdown),
        ("matrix", matrix),
        ("matrix-large", matrix_large),
        ("edge", edge),
        ("edge-refused", edge_refused),
        ("help", help),
        ("help-composer", help_composer),
        ("palette", palette),
        ("themes", themes),
        ("messages", messages),
        ("month", month),
        ("month-begins", month_begins),
        ("messages-hostile", messages_hostile),
        ("facts", facts),
        ("facts-hostile", facts_hostile),
        ("who", who),
        ("who-asking", who_asking),
        ("login-ends", login_ends),
        ("no-credentials", no_credentials),
        ("profiles-login", profiles_login),
        ("profiles", profiles),
        ("profile_failed", profile_failed),
        ("go-to", go_to),
        ("profile-search", profile_search),
        ("quit", quit),
        ("not-saved", not_saved),
        ("left-over", left_over),
        ("read-only", read_only),
        ("demo", demo),
    ]
}

/// The shop's front.
pub(crate) fn front() -> Target {
    Target::Distribution(DistributionId::new("E2QWRUHEXAMPLE"))
}

/// A month's work: some done, two under way.
pub(crate) fn ledger() -> LedgerContents {
    let front = front();
    let docs = Target::Distribution(DistributionId::new("E3ZYXWVUTSRQPO"));
    LedgerContents {
        unfinished: vec![
            in_progress(
                90,
                6,
                &front,
                &[
                    "/index.html",
                    "/en/*",
                    "/caf%C3%A9%20menu.pdf",
                    "/images/*",
                    "#product:tv",
                ],
            ),
            in_progress(91, 100, &docs, &["/*"]),
        ],
        finished: vec![
            completed(3, 677, 11, &front, &["/en/*", "/de/*", "/fr/*", "/sitemap.xml"]),
            completed(2, 9_000, 8, &front, &["/index.html"]),
            completed(1, 80_000, 9, &front, &["/*"]),
        ],
        favorites: vec![front],
        used_this_month: vec![(samples::scope(), 212)],
        ..LedgerContents::default()
    }
}

/// The newest one is done; what stood at the edge before it is known.
pub(crate) fn edge() -> Scene {
    let mut scene = Scene::with_ledger(fleet(), ledger());
    let sight = |x_cache: &str, age, etag: &str| EdgeResponse {
        status: 200,
        x_cache: Some(format!("{x_cache} from cloudfront")),
        age,
        etag: Some(format!("\"{etag}\"")),
        cache_control: Some("public, max-age=300, s-maxage=86400".to_owned()),
        content_length: Some(4_210),
        pop: Some("FRA56-P9".to_owned()),
        edge_id: Some("kMx0Y1nFJ3m5hZ0yq9bV2t4wA6s8d1f3g5h7j9k1l3z5x7c9v1b3n5==".to_owned()),
        ..EdgeResponse::default()
    };
    scene.keys("enter");
    scene.invalidations(&front(), Vec::new());
    scene.keys("v");
    for seen in [
        Ok(sight("Miss", None, "c0ffee1234567890")),
        Ok(sight("Hit", Some(20_340), "0ddba11234567890")),
        Err("no response: connection refused".to_owned()),
    ] {
        scene.visited(seen);
        scene.fire(&TimerKind::NextVisit);
    }
    scene
}

/// A tag alone leads to no address.
fn edge_refused() -> Scene {
    let mut scene = Scene::with_ledger(fleet(), LedgerContents::default());
    scene.submit(&front(), &["#product:tv"]);
    scene.keys("v");
    scene
}

pub(crate) fn first_frame() -> Scene {
    Scene::start(preferences())
}

pub(crate) fn distributions() -> Scene {
    let mut scene = Scene::with_ledger(fleet(), ledger());
    scene.answer(
        |kind| matches!(kind, CallRequest::Describe(_)),
        Ok(Answer::Distribution(Box::new(samples::config(&fleet()[0])))),
    );
    scene.fire(&TimerKind::Rest);
    scene.answer(
        |kind| matches!(kind, CallRequest::Describe(_)),
        Ok(Answer::Distribution(Box::new(samples::config(&fleet()[0])))),
    );
    scene.keys("down space").keys("up up");
    scene
}

pub(crate) fn distributions_filter() -> Scene {
    let mut scene = distributions();
    scene.keys("/").type_text("shop");
    scene
}

pub(crate) fn distributions_no_match() -> Scene {
    let mut scene = distributions();
    scene.keys("/").type_text("qqq").keys("enter");
    scene
}

pub(crate) fn distributions_reading() -> Scene {
    let mut scene = Scene::start(preferences());
    scene.ledger(LedgerContents::default()).connect(Ok(samples::scope()));
    scene
}

pub(crate) fn distributions_empty() -> Scene {
    Scene::with(Vec::new())
}

pub(crate) fn distributions_stale() -> Scene {
    let mut scene = distributions();
    scene.pass(754);
    scene.keys("r").answer(
        |kind| *kind == CallRequest::Distributions,
        Err(Failure::Unreachable(
            "cloudfront.amazonaws.com could not be reached: the name cannot be resolved; is the network up?".to_owned(),
        )),
    );
    scene
}

pub(crate) fn distributions_login() -> Scene {
    let mut scene = Scene::start(preferences());
    scene
        .ledger(LedgerContents::default())
        .connect(Err(Failure::Credentials(
            "the SSO session of profile prod-admin has expired; log in with: aws sso login --profile prod-admin"
                .to_owned(),
        )));
    scene
}

pub(crate) fn distributions_denied() -> Scene {
    let mut scene = Scene::start(preferences());
    scene.ledger(LedgerContents::default()).connect(Ok(samples::scope())).answer(
        |kind| *kind == CallRequest::Distributions,
        Err(refused(
            "AccessDenied",
            "User: arn:aws:sts::123456789012:assumed-role/deploy/ci is not authorized to perform: \
             cloudfront:ListDistributions because no identity-based policy allows the cloudfront:ListDistributions action",
            403,
        )),
    );
    scene
}

/// Keys of the portal, for a role that may create and little else.
fn keys(login_ends: Option<i64>) -> KeyFacts {
    KeyFacts {
        source: "IAM Identity Center (aws sso login)".to_owned(),
        chain: vec!["prod-admin (role deploy)".to_owned(), "company".to_owned()],
        region: "eu-central-1".to_owned(),
        expire: Some(samples::before(-52 * 60)),
        login_ends: login_ends.map(samples::before),
        command: Some("aws sso login --profile company".to_owned()),
    }
}

/// Who we are is looked at, and STS has yet to answer.
pub(crate) fn who_asking() -> Scene {
    let mut scene = Scene::start(preferences());
    scene.ledger(LedgerContents::default());
    scene.connect(Ok(Scope {
        account: None,
        ..samples::scope()
    }));
    scene.who(Who {
        keys: keys(None),
        ..Who::default()
    });
    scene.keys("W");
    scene
}

/// A role that may create and little else.
pub(crate) fn who() -> Scene {
    let mut scene = distributions_denied();
    let (shop, tenant) = (front(), Target::from_id("dt_2yMvQgam3QkJo2z54FDl91dk1AB"));
    let denied = |operation: &str, kind: &str, id: &str| {
        let message = format!(
            "User: arn:aws:sts::123456789012:assumed-role/deploy/ci is not authorized to perform: \
             cloudfront:{operation} on resource: arn:aws:cloudfront::123456789012:{kind}/{id}"
        );
        Err(refused("AccessDenied", &message, 403))
    };
    let first_page = |of: &Target| {
        let of = of.clone();
        move |kind: &CallRequest| matches!(kind, CallRequest::FirstPage(target, _) if *target == of)
    };
    scene.keys("o").type_text(shop.id()).keys("enter");
    scene.send_off(&shop, &["/index.html"]);
    scene.created(refused("Throttling", "Rate exceeded", 400));
    scene.answer(
        first_page(&shop),
        denied("ListInvalidations", "distribution", shop.id()),
    );
    scene.keys("o").type_text(tenant.id()).keys("enter");
    let none = Page {
        items: Vec::new(),
        next: None,
    };
    scene.answer(first_page(&tenant), Ok(Answer::Invalidations(none)));
    scene.keys("W");
    scene.who(Who {
        keys: keys(Some(-40 * 60)),
        account: None,
        arn: Some("arn:aws:sts::123456789012:assumed-role/deploy/ci".to_owned()),
    });
    scene.quiet();
    scene
}

/// The profile that is meant does not work, and others may.
pub(crate) fn no_credentials() -> Scene {
    let mut scene = distributions_login();
    scene.send(Message::Profiles(samples::many_profiles(), None));
    scene
}

/// A profile that has to be logged in to, and can be from the list.
pub(crate) fn profiles_login() -> Scene {
    let mut scene = no_credentials();
    scene.keys("P");
    scene.send(Message::Profiles(samples::many_profiles(), None));
    scene.type_text("staging").keys("enter");
    scene.refuse_connection(
        "no valid login for profile staging (the SSO token has expired). Run `aws sso login \
         --profile staging`, then try again",
    );
    scene
}

/// Ten minutes before the login ends.
pub(crate) fn login_ends() -> Scene {
    let mut scene = distributions();
    scene.who(Who {
        keys: keys(Some(-10 * 60)),
        ..Who::default()
    });
    scene
}

pub(crate) fn distributions_hostile() -> Scene {
    Scene::with(samples::hostile_fleet())
}

/// The multi-tenant distribution is opened: nothing came yet.
pub(crate) fn tenants_reading() -> Scene {
    let mut scene = distributions();
    scene.keys("g down down down t");
    scene
}

/// One is marked, beside a distribution that was marked before.
pub(crate) fn tenants() -> Scene {
    let mut scene = tenants_reading();
    scene.tenants(samples::tenants()).keys("space");
    scene
}

/// Back at the distributions, how many there are is known.
pub(crate) fn tenants_known() -> Scene {
    let mut scene = tenants();
    scene.keys("esc");
    scene
}

pub(crate) fn tenants_empty() -> Scene {
    let mut scene = tenants_reading();
    scene.tenants(Vec::new());
    scene
}

pub(crate) fn tenants_denied() -> Scene {
    let mut scene = tenants_reading();
    scene.answer(
        |kind| matches!(kind, CallRequest::Tenants(_)),
        Err(refused(
            "AccessDenied",
            "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: cloudfront:ListDistributionTenants",
            403,
        )),
    );
    scene
}

pub(crate) fn tenants_hostile() -> Scene {
    let mut scene = tenants_reading();
    let hostile = samples::HOSTILE.map(|text| {
        let mut tenant = samples::tenant(text, text, &[text, text]);
        text.clone_into(&mut tenant.status);
        tenant
    });
    scene.tenants(hostile.to_vec());
    scene
}

/// What is to be sent to one tenant.
pub(crate) fn tenants_review() -> Scene {
    let mut scene = Scene::with_ledger(fleet(), ledger());
    scene.keys("g down down down t").tenants(samples::tenants());
    scene = compose(scene, "/index.html\n/products/*");
    scene.keys("ctrl-s");
    scene
}

/// Rows that somebody else made.
fn others() -> Vec<InvalidationSummary> {
    let mut rows = vec![
        summary("I1JLWSDAP8FU89", 61_200, "Completed"),
        summary("IDEPLOYED00001", 3_700, "Completed"),
        summary("IDEPLOYED00002", 250_000, "Completed"),
    ];
    rows.extend((0..40).map(|n| summary(&format!("IOLDER{n:08}"), 400_000 + n * 50_000, "Completed")));
    rows
}

pub(crate) fn invalidations() -> Scene {
    let mut scene = distributions();
    scene.keys("enter").invalidations(&front(), others());
    scene.items(vec![
        invalidation(&others()[0], &["/a", "/b", "/c"]),
        invalidation(&others()[1], &["/deploy/main.4f2a.js"]),
    ]);
    scene
        .send_off(&front(), &["/en/*"])
        .created(refused("Throttling", "Rate exceeded", 400));
    scene.submit(&front(), &["/news/index.html", "/news/feed.xml"]);
    scene.stored(|kind| matches!(kind, LedgerRequest::Plan(..)));
    scene.invalidations(&front(), others()).quiet().keys("g");
    scene
}

/// Two targets and three batches of which each stands elsewhere.
pub(crate) fn matrix() -> Scene {
    let statics = Target::Distribution(DistributionId::new("E1ABCDEF2GHIJK"));
    let accepted = |number| State::InProgress {
        id: InvalidationId::new(format!("IJOB{number:010}")),
        status: Status::new("InProgress"),
        create_time: samples::before(5),
        last_in_progress: None,
    };
    let denied = State::Rejected {
        failure: refused(
            "AccessDenied",
            "User: arn:aws:iam::123456789012:user/deploy is not authorized to perform: cloudfront:CreateInvalidation",
            403,
        ),
    };
    let throttled = State::Retrying {
        reason: "Throttling".to_owned(),
        until: samples::before(-4),
    };
    let part = |id, target: &Target, number, items: &[&str], state: State| Submission {
        job: JobId::new("01JOB"),
        label: if *target == front() {
            "www.shop.example"
        } else {
            "static.shop.example"
        }
        .to_owned(),
        number,
        attempts: 1,
        ..samples::submission(id, 30, target, items, state)
    };
    let done = samples::completed(41, 30, 9, &front(), &["/a"]).state;
    let contents = LedgerContents {
        unfinished: vec![
            part(42, &front(), 2, &["/c.html", "/d.html"], accepted(2)),
            part(43, &front(), 3, &["/en/*"], throttled),
            part(46, &statics, 3, &["/en/*"], State::Queued),
        ],
        finished: vec![
            part(41, &front(), 1, &["/a.html", "/b.html"], done),
            part(44, &statics, 1, &["/a.html", "/b.html"], denied),
            part(45, &statics, 2, &["/c.html", "/d.html"], State::Cancelled),
        ],
        ..LedgerContents::default()
    };
    let mut scene = Scene::with_ledger(fleet(), contents);
    scene.quiet();
    scene.keys("2 g m g left left down up down");
    scene
}

/// Thirty batches to two targets: too many for words.
pub(crate) fn matrix_large() -> Scene {
    let statics = Target::Distribution(DistributionId::new("E1ABCDEF2GHIJK"));
    let mut contents = LedgerContents::default();
    for (place, target) in [front(), statics].iter().enumerate() {
        for number in 1..=30_u32 {
            let state = if number < 9 {
                samples::completed(number, 30, 9, target, &["/a"]).state
            } else {
                State::Queued
            };
            let id = 100 * (u32::try_from(place).unwrap_or(0) + 1) + number;
            contents.unfinished.push(Submission {
                job: JobId::new("01JOB"),
                number,
                ..samples::submission(id, 30, target, &["/a.html", "/b.html"], state)
            });
        }
    }
    let mut scene = Scene::with_ledger(fleet(), contents);
    scene.quiet();
    scene.keys("2 g m");
    for _ in 0..20 {
        scene.keys("right");
    }
    scene
}

/// Three seconds after the Enter of the review, with eight to go.
pub(crate) fn countdown() -> Scene {
    let mut scene = distributions();
    let accounts = scene.model.engine.preferences.accounts.values_mut();
    accounts.for_each(|label| label.guard.countdown = Some(11));
    scene.keys("enter").invalidations(&front(), others());
    scene.submit(&front(), &["/news/index.html", "/news/feed.xml", "/news/*"]);
    scene.stored(|kind| matches!(kind, LedgerRequest::Plan(..)));
    scene.invalidations(&front(), others()).quiet().pass(3);
    scene.fire(&TimerKind::Tick);
    scene
}

pub(crate) fn invalidations_trouble() -> Scene {
    let mut scene = distributions();
    scene.keys("enter").invalidations(&front(), others());
    scene
        .send_off(&front(), &["/login/*"])
        .created(Failure::Credentials(
            "the SSO session of profile prod-admin has expired; log in with: aws sso login --profile prod-admin".to_owned(),
        ))
        .send_off(&front(), &["/clash"])
        .created(refused(
            "InvalidArgument",
            "Your request contains a caller reference that was used for a previous invalidation batch for the same distribution.",
            400,
        ))
        .send_off(&front(), &["/a b"])
        .created(refused("InvalidArgument", "Your request contains one or more invalid invalidation paths.", 400))
        .send_off(&front(), &["/lost.html"])
        .created(Failure::Unknown("no response within 10 s".to_owned()))
        .send_off(&front(), &["/sending.html"]);
    scene.submit(&front(), &["/taken-back"]);
    scene.stored(|kind| matches!(kind, LedgerRequest::Plan(..)));
    scene.keys("g down down x");
    scene.submit(&front(), &["/planned"]);
    scene
        .invalidations(&front(), others())
        .quiet()
        .keys("g down down down down");
    scene
}

pub(crate) fn invalidations_all() -> Scene {
    let mut scene = invalidations();
    scene.keys("2");
    scene
}

pub(crate) fn invalidations_reading() -> Scene {
    let mut scene = Scene::with(fleet());
    scene.keys("enter");
    scene
}

pub(crate) fn invalidations_none() -> Scene {
    let mut scene = invalidations_reading();
    scene.invalidations(&front(), Vec::new());
    scene
}

pub(crate) fn invalidations_denied() -> Scene {
    let mut scene = invalidations_reading();
    scene.answer(
        |kind| matches!(kind, CallRequest::FirstPage(..)),
        Err(refused(
            "AccessDenied",
            "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: cloudfront:ListInvalidations",
            403,
        )),
    );
    scene
}

pub(crate) fn invalidations_hostile() -> Scene {
    let mut scene = distributions_hostile();
    scene.keys("enter");
    let target = Target::Distribution(samples::hostile_fleet()[0].id.clone());
    let rows: Vec<_> = samples::HOSTILE.iter().map(|text| summary(text, 4_000, text)).collect();
    scene.invalidations(&target, rows.clone());
    scene.items(rows.iter().map(|row| invalidation(row, &samples::HOSTILE)).collect());
    scene
        .send_off(&target, &samples::HOSTILE)
        .created(refused(samples::HOSTILE[0], samples::HOSTILE[1], 400));
    scene
}

pub(crate) fn details() -> Scene {
    let mut scene = distributions();
    scene.keys("enter").invalidations(&front(), others());
    scene.keys("g down enter");
    scene
}

pub(crate) fn details_refused() -> Scene {
    let mut scene = distributions();
    scene.keys("enter").invalidations(&front(), others());
    scene.send_off(&front(), &["/a b", "/ok.html"]).created(refused(
        "InvalidArgument",
        "Your request contains one or more invalid invalidation paths.",
        400,
    ));
    scene.quiet().keys("g enter");
    scene
}

pub(crate) fn details_hostile() -> Scene {
    let mut scene = invalidations_hostile();
    scene.quiet().keys("g enter");
    scene
}

/// What somebody typed after a release.
const TYPED: &str = "/index.html\n/en/*\n/en/sitemap.xml\n/café menu.pdf\nimages/*.jpg\n#product:tv\n\n# the old shop\nhttps://www.shop.example/sale?x=1";

fn compose(mut scene: Scene, text: &str) -> Scene {
    scene.keys("i");
    scene.paste(text);
    scene
}

/// These lines are being composed.
pub(crate) fn composing(lines: &[&str]) -> Scene {
    compose(one_marked(distributions()), &lines.join("\n"))
}

/// The ledger has counted so many paths this month.
pub(crate) fn counted(scene: &mut Scene, paths: u64) {
    tell_month(scene, samples::counted(paths));
}

pub(crate) fn composer() -> Scene {
    let mut scene = compose(one_marked(distributions()), TYPED);
    scene
        .fire(&TimerKind::Draft)
        .stored(|kind| matches!(kind, LedgerRequest::Save));
    scene.keys("up up up up");
    scene
}

/// No marks: the selected one is meant.
fn one_marked(mut scene: Scene) -> Scene {
    scene.keys("down space g");
    scene
}

pub(crate) fn composer_empty() -> Scene {
    let mut scene = Scene::with(fleet());
    scene.keys("i");
    scene
}

/// Another program has the ledger, and the distributions are there.
pub(crate) fn ledger_closed() -> Scene {
    let mut scene = Scene::start(preferences());
    let locked = LedgerFailure::new(
        LedgerFailureKind::Busy,
        "the ledger /home/ada/.local/state/invalidash/ledger.db is locked by another program. Wait for it to finish, or \
            quit it, then try again",
    );
    scene
        .ledger_fails(locked)
        .connect(Ok(samples::scope()))
        .distributions(fleet())
        .quiet();
    scene
}

pub(crate) fn ledger_closed_composer() -> Scene {
    compose(ledger_closed(), "/index.html\n/images/*")
}

pub(crate) fn composer_hostile() -> Scene {
    let mut scene = compose(Scene::with(fleet()), &samples::HOSTILE.join("\n"));
    scene.keys("up up up shift-up");
    scene
}

pub(crate) fn collapse() -> Scene {
    let pictures: Vec<_> = (0..12).map(|n| format!("/images/shop/{n:02}.jpg")).collect();
    let mut scene = compose(one_marked(distributions()), &pictures.join("\n"));
    scene.keys("alt-p right");
    scene
}

pub(crate) fn review() -> Scene {
    let mut scene = compose(
        one_marked(distributions()),
        "/index.html\n/en/*\n/en/sitemap.xml\n/café menu.pdf\n/images/*\n#product:tv",
    );
    scene.keys("ctrl-s");
    scene
}

pub(crate) fn review_everything() -> Scene {
    let mut scene = compose(one_marked(distributions()), "/*");
    scene.keys("ctrl-s").type_text("E2QWR");
    scene
}

pub(crate) fn review_everything_covered() -> Scene {
    let mut scene = compose(one_marked(distributions()), "/*\n/index.html\n/en/*");
    scene.keys("ctrl-s");
    scene
}

pub(crate) fn review_several() -> Scene {
    let mut scene = distributions();
    scene.keys("space down space space space space");
    let many: Vec<_> = (0..200).map(|n| format!("/articles/2026/{n:03}/index.html")).collect();
    scene = compose(scene, &many.join("\n"));
    scene.keys("ctrl-s pagedown");
    scene
}

pub(crate) fn review_request() -> Scene {
    let mut scene = review();
    scene.keys("D");
    scene
}

pub(crate) fn review_hostile() -> Scene {
    let mut scene = distributions_hostile();
    let target = Target::Distribution(samples::hostile_fleet()[0].id.clone());
    let mut review = samples::review(&[(target, samples::HOSTILE[1].to_owned())], &samples::HOSTILE);
    for item in &mut review.items {
        item.typed = Some(samples::HOSTILE[2].to_owned());
    }
    review.left_out = samples::HOSTILE.map(str::to_owned).to_vec();
    scene.model.overlays.push(review);
    scene
}

pub(crate) fn help() -> Scene {
    let mut scene = distributions();
    scene.keys("?");
    scene
}

pub(crate) fn help_composer() -> Scene {
    let mut scene = composer();
    scene.keys("f1");
    scene
}

pub(crate) fn palette() -> Scene {
    let mut scene = distributions();
    scene.keys(":").type_text("in").keys("down");
    scene
}

pub(crate) fn themes() -> Scene {
    let mut scene = distributions();
    scene.keys(":").type_text("theme").keys("enter down");
    scene
}

pub(crate) fn messages() -> Scene {
    let mut scene = invalidations();
    scene.pass(40);
    scene.send(Message::Warning(
        "/home/ada/.local/state/invalidash/ledger.db was written by a newer version of invalidash (format 12; this version supports 11); nothing was read or written. Update invalidash, or set XDG_STATE_HOME to another folder"
            .to_owned(),
    ));
    scene.keys("y s !").quiet();
    scene
}

pub(crate) fn messages_hostile() -> Scene {
    let mut scene = Scene::with(fleet());
    for text in samples::HOSTILE {
        scene.send(Message::Warning(text.repeat(3)));
    }
    scene.keys("!");
    scene
}

fn tell_month(scene: &mut Scene, count: Count) {
    let contents = LedgerContents {
        month: Some(Box::new(count)),
        ..LedgerContents::default()
    };
    scene.told(|kind| *kind == LedgerRequest::Month, Ok(contents));
}

/// The ledger knows nothing of the month yet.
pub(crate) fn month_begins() -> Scene {
    let mut scene = distributions();
    scene.keys("U");
    tell_month(&mut scene, samples::nothing_counted());
    scene
}

/// Some of it was counted.
pub(crate) fn month() -> Scene {
    let mut scene = distributions();
    scene.keys("U");
    tell_month(&mut scene, samples::count());
    scene.keys("enter");
    scene
}

pub(crate) fn facts() -> Scene {
    let mut scene = distributions();
    scene.keys("d");
    scene
}

pub(crate) fn facts_hostile() -> Scene {
    let mut scene = distributions_hostile();
    scene.keys("d");
    scene
}

pub(crate) fn profiles() -> Scene {
    let mut scene = distributions();
    scene.keys("P");
    scene.send(Message::Profiles(crate::support::samples::many_profiles(), None));
    scene.keys("down down");
    scene
}

pub(crate) fn profile_failed() -> Scene {
    let mut scene = profiles();
    scene.type_text("stag");
    scene.keys("enter");
    scene.refuse_connection(
        "no valid login for profile staging (sso token expired). Run `aws sso login --profile \
         staging`, then try again",
    );
    scene
}

pub(crate) fn go_to() -> Scene {
    let mut scene = distributions();
    scene.keys("o").type_text("https://www.shop.example/en/");
    scene
}

/// Searched with every profile: found with one, one is being asked, one failed, the others are not asked.
pub(crate) fn profile_search() -> Scene {
    let mut scene = go_to();
    scene.keys("ctrl-f");
    let mut profiles = samples::many_profiles();
    profiles.push(samples::profile("old", Kind::Keys, "", "", ""));
    profiles.push(samples::profile("partner", Kind::Keys, "", "", ""));
    profiles.push(samples::profile("shop", Kind::Keys, "", "", ""));
    scene.send(Message::Profiles(profiles, None));
    scene.told(|kind| *kind == LedgerRequest::KeptLists, Ok(LedgerContents::default()));
    let list = |alias: &str| {
        let mut one = samples::distribution("E7PARTNER", &[alias], "");
        "arn:aws:cloudfront::333344445555:distribution/E7PARTNER".clone_into(&mut one.arn);
        Answer::Distributions(Page {
            items: vec![one],
            next: None,
        })
    };
    let denied = "AccessDenied: User: arn:aws:iam::444455556666:user/ci is not authorized to perform: \
                  cloudfront:ListDistributions because no identity-based policy allows it";
    for result in [
        Ok(list("other.example")),
        Ok(list("日本.example")),
        Err(Failure::Unknown(denied.to_owned())),
        Ok(list("www.shop.example")),
    ] {
        scene.ask_profile(result);
    }
    scene
}

pub(crate) fn quit() -> Scene {
    let mut scene = invalidations();
    scene.keys("ctrl-c");
    scene
}

pub(crate) fn not_saved() -> Scene {
    let mut scene = compose(Scene::with(fleet()), "/index.html\n/en/*");
    scene.keys("ctrl-c");
    let sentence = "the ledger /home/ada/.local/state/invalidash/ledger.db cannot be used: disk error (Input/output error). Check the disk and try again";
    scene.told(|kind| *kind == LedgerRequest::Save, Err(sentence.to_owned()));
    scene.fire(&TimerKind::Ending);
    scene
}

pub(crate) fn left_over() -> Scene {
    let old = |number, age, items: &[&str], state| samples::submission(number, age, &front(), items, state);
    let mut elsewhere = old(42, 90_000, &["/*"], State::Queued);
    "staging".clone_into(&mut elsewhere.scope.profile);
    let mut lost = old(41, 5_400, &["/en/*", "/de/*"], State::Sending);
    lost.maybe_sent = true;
    let contents = LedgerContents {
        unfinished: vec![old(40, 5_410, &["/index.html"], State::Queued), lost, elsewhere],
        ..LedgerContents::default()
    };
    Scene::with_ledger(fleet(), contents)
}

pub(crate) fn read_only() -> Scene {
    let mut scene = distributions();
    scene.model.engine.preferences.read_only = true;
    scene.keys("i");
    scene
}

pub(crate) fn demo() -> Scene {
    let mut scene = distributions();
    scene.model.engine.preferences.demo = true;
    scene.model.engine.preferences.accounts.clear();
    scene
}
