//! A local clock that is wrong by minutes or years: requests are signed with the service's time.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use invalidash::domain::batch::{Batch, CallerReference};
use invalidash::domain::distribution::Target;
use invalidash::domain::failure::Failure;
use invalidash::emulator::{Emulator, Fault, Options, Request, Trouble};
use invalidash::engine::effect::{Answer, Call};
use invalidash::runtime::clock::ServiceClock;
use invalidash::runtime::cloudfront::CloudFront;

use crate::support::clock::Clock;
use crate::support::connector::InProcess;
use crate::support::dashboard::Stage;

/// The sample account's shop.
const SHOP: &str = "E1A2WTXM7KQ4SV";

/// How far the service is ahead of this machine: six minutes, an hour and 400 days, either way.
fn offsets() -> Vec<TimeDelta> {
    let amounts = [TimeDelta::minutes(6), TimeDelta::hours(1), TimeDelta::days(400)];
    amounts.into_iter().flat_map(|amount| [amount, -amount]).collect()
}

/// A CloudFront whose clock is so far ahead of this machine's.
fn ahead(by: TimeDelta) -> (Arc<Emulator>, ServiceClock, CloudFront) {
    let (machine, emulator) = (Clock::new(), Arc::new(Emulator::new(Options::default())));
    emulator.configure(|settings| settings.clock_ahead_ms = by.num_milliseconds());
    let clock = ServiceClock::of(machine);
    let connection = InProcess::new(Arc::clone(&emulator), machine).connection();
    (emulator, clock.clone(), CloudFront::new(connection.timed_by(clock)))
}

fn list() -> Call {
    Call::ListDistributions { marker: None }
}

fn create(reference: &str) -> Call {
    Call::CreateInvalidation {
        target: Target::from_id(SHOP),
        batch: Batch::new(vec!["/a".to_owned()]).unwrap(),
        reference: CallerReference::new(reference),
    }
}

/// Arrivals and invalidations by CallerReference.
fn made(emulator: &Emulator) -> Vec<(String, u64, usize)> {
    let creations = emulator.received().creations.into_iter();
    creations
        .map(|made| (made.caller_reference, made.received, made.invalidations.len()))
        .collect()
}

fn is_close(one: DateTime<Utc>, other: DateTime<Utc>) -> bool {
    (one - other).abs() <= TimeDelta::seconds(2)
}

#[test]
fn a_signature_that_is_five_minutes_off_is_refused_in_the_services_words() {
    let emulator = Emulator::new(Options::default());
    let now: DateTime<Utc> = "2026-11-22T10:00:00Z".parse().unwrap();
    let answer = |signed: &'static str| {
        let mut request = Request::get("/2020-05-31/distribution");
        request.headers.insert("x-amz-date", signed.parse().unwrap());
        match emulator.handle(&request, now) {
            invalidash::emulator::Outcome::Reply(reply) => {
                let body = String::from_utf8_lossy(&reply.body).into_owned();
                let message = body.split("<Message>").nth(1).unwrap_or_default();
                (reply.status.as_u16(), message.split('<').next().unwrap().to_owned())
            }
            _ => unreachable!("nothing was ordered"),
        }
    };
    let ok = (200, String::new());
    assert_eq!(
        [answer("20261122T095500Z"), answer("20261122T100500Z")],
        [ok.clone(), ok]
    );
    let behind = "Signature expired: 20261122T095459Z is now earlier than 20261122T095500Z (20261122T100000Z - 5 min.)";
    let early =
        "Signature not yet current: 20261122T100501Z is still later than 20261122T100500Z (20261122T100000Z + 5 min.)";
    assert_eq!(answer("20261122T095459Z"), (403, behind.to_owned()));
    assert_eq!(answer("20261122T100501Z"), (403, early.to_owned()));
}

#[tokio::test(start_paused = true)]
async fn the_first_create_of_a_session_goes_through_however_the_clock_is_set() {
    for by in offsets() {
        let (emulator, clock, cloudfront) = ahead(by);
        let created = cloudfront.call(create("r-1")).await;
        assert!(matches!(created, Ok(Answer::Created(_))), "{by}: {created:?}");
        assert_eq!(
            made(&emulator),
            [("r-1".to_owned(), 2, 1)],
            "{by}: signed anew, made once"
        );
        assert!(is_close(clock.now(), Clock::new().now() + by), "{by}");
        let listed = cloudfront.call(list()).await;
        assert!(listed.is_ok(), "{by}: {listed:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_read_teaches_a_create_knows() {
    for by in offsets() {
        let (emulator, _, cloudfront) = ahead(by);
        let listed = cloudfront.call(list()).await;
        assert!(listed.is_ok(), "{by}: {listed:?}");
        let created = cloudfront.call(create("r-1")).await;
        assert!(matches!(created, Ok(Answer::Created(_))), "{by}: {created:?}");
        assert_eq!(made(&emulator), [("r-1".to_owned(), 1, 1)], "{by}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_while_the_program_runs_is_learned_anew() {
    let (emulator, _, cloudfront) = ahead(TimeDelta::zero());
    for (count, by) in offsets().into_iter().enumerate() {
        emulator.configure(|settings| settings.clock_ahead_ms = by.num_milliseconds());
        let created = cloudfront.call(create(&format!("r-{count}"))).await;
        assert!(matches!(created, Ok(Answer::Created(_))), "{by}: {created:?}");
    }
    assert!(made(&emulator).iter().all(|(_, _, made)| *made == 1));
}

#[tokio::test(start_paused = true)]
async fn a_page_of_a_proxy_teaches_no_time() {
    let (emulator, clock, cloudfront) = ahead(TimeDelta::zero());
    emulator.inject(Fault::new(Trouble::Html { status: 502 }).always());
    assert!(matches!(cloudfront.call(list()).await, Err(Failure::Unknown(_))));
    assert_eq!(clock.behind(), TimeDelta::zero());
}

#[tokio::test(start_paused = true)]
async fn a_second_that_a_date_does_not_tell_is_no_clock_that_is_off() {
    let (_, clock, cloudfront) = ahead(TimeDelta::milliseconds(-900));
    assert!(cloudfront.call(list()).await.is_ok());
    assert_eq!(clock.behind(), TimeDelta::zero());
}

#[tokio::test(start_paused = true)]
async fn what_is_submitted_with_a_wrong_clock_completes_and_its_time_is_right() {
    for by in offsets() {
        let stage = Stage::demo().ahead(by);
        stage.emulator.configure(|settings| {
            settings.completion_delay_ms = 8_000;
            settings.completion_spread_ms = 0;
        });
        stage
            .play(async |mut person| {
                person.sees("www.").await;
                let side = if by > TimeDelta::zero() { "behind" } else { "ahead" };
                person.sees(side).await;
                person.submits("/a").await;
                person.sees("InProgress").await;
                let screen = person.sees("Completed").await;
                assert!(
                    !screen.contains("Rejected") && !screen.contains("log in"),
                    "{by}: {screen}"
                );
                person.sees("Completed after 8 s").await;
            })
            .await;
        let creations = stage.emulator.received().creations;
        assert_eq!(
            creations.iter().map(|made| made.received).collect::<Vec<_>>(),
            [1],
            "{by}"
        );
    }
}
