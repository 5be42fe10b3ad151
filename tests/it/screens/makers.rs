//! Snapshots of the overlay that shows who created an invalidation, according to CloudTrail.

use chrono::TimeDelta;
use invalidash::domain::failure::Failure;
use invalidash::domain::trail::{Caller, Event, Events};
use invalidash::engine::effect::{Answer, LedgerContents};
use invalidash::engine::pending::{CallRequest, LedgerRequest};

use super::scenes::{Named, details, invalidations};
use crate::support::samples::{HOSTILE, refused};
use crate::support::scene::Scene;

/// All of them.
pub(super) fn all() -> Vec<Named> {
    vec![
        ("maker", maker),
        ("maker-asking", maker_asking),
        ("maker-unknown", maker_unknown),
        ("maker-denied", maker_denied),
        ("maker-hostile", maker_hostile),
        ("maker-young", maker_young),
        ("details-maker", details_maker),
        ("details-not-from-here", details_not_from_here),
    ]
}

fn is_asked(kind: &CallRequest) -> bool {
    *kind == CallRequest::Events
}

/// A row that was not made here, and the key; the ledger has nothing.
fn looked_up(mut scene: Scene, keys: &str) -> Scene {
    scene.keys(keys);
    scene.told(|kind| *kind == LedgerRequest::Maker, Ok(LedgerContents::default()));
    scene
}

fn event(scene: &Scene, id: &str) -> Event {
    Event {
        id: "191ebb93-66b7-4517-a741-92b0e1e2a3f4".to_owned(),
        time: scene.model.engine.now - TimeDelta::hours(17),
        caller: Caller {
            kind: "AssumedRole".to_owned(),
            name: Some("AWSReservedSSO_Publisher_1f2e3d4c5b6a7988".to_owned()),
            session: Some("ben@lumen.example".to_owned()),
            arn: Some(
                "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Publisher_1f2e3d4c5b6a7988/ben@lumen.example"
                    .to_owned(),
            ),
            account: Some("123456789012".to_owned()),
        },
        address: "198.51.100.23".to_owned(),
        agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(),
        targets: Vec::new(),
        reference: None,
        invalidation: Some(id.to_owned()),
        error: None,
    }
}

fn found(mut scene: Scene, event: Event) -> Scene {
    let events = Events {
        events: vec![event],
        ..Events::default()
    };
    scene.answer(is_asked, Ok(Answer::Events(events)));
    scene
}

fn failed(mut scene: Scene, failure: Failure) -> Scene {
    scene.answer(is_asked, Err(failure));
    scene
}

pub(crate) fn maker() -> Scene {
    let scene = maker_asking();
    let event = event(&scene, "IDEPLOYED00001");
    found(scene, event)
}

pub(crate) fn maker_asking() -> Scene {
    looked_up(invalidations(), "g down down down down w")
}

pub(crate) fn maker_unknown() -> Scene {
    let mut scene = maker_asking();
    scene.answer(is_asked, Ok(Answer::Events(Events::default())));
    scene
}

/// The row is some minutes old.
pub(crate) fn maker_young() -> Scene {
    let mut scene = looked_up(invalidations(), "g down down down w");
    scene.answer(is_asked, Ok(Answer::Events(Events::default())));
    scene
}

pub(crate) fn maker_denied() -> Scene {
    let sentence = "User: arn:aws:iam::123456789012:user/deploy is not authorized to perform: cloudtrail:LookupEvents because no \
                    identity-based policy allows the cloudtrail:LookupEvents action";
    failed(maker_asking(), refused("AccessDeniedException", sentence, 400))
}

pub(crate) fn maker_hostile() -> Scene {
    let scene = maker_asking();
    let text = |number: usize| HOSTILE[number].to_owned();
    let event = Event {
        caller: Caller {
            kind: text(0),
            name: Some(text(1)),
            session: Some(text(2)),
            arn: Some(HOSTILE.concat()),
            account: None,
        },
        address: text(3),
        agent: HOSTILE.concat().repeat(5),
        error: Some(text(5)),
        ..event(&scene, "IDEPLOYED00001")
    };
    found(scene, event)
}

pub(crate) fn details_maker() -> Scene {
    let scene = looked_up(details(), "w");
    let event = event(&scene, "I2J0I21PCUY003");
    let mut scene = found(scene, event);
    scene.keys("esc");
    scene
}

/// One that was not made here, before it is looked up.
pub(crate) fn details_not_from_here() -> Scene {
    let mut scene = invalidations();
    scene.keys("g down down down down enter");
    scene
}
