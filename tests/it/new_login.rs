//! Credentials that expire, and new ones that another terminal writes: watching continues automatically, and CloudFront
//! is not queried over and over in the meantime.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::PathBuf;

use invalidash::emulator::{Emulator, Fault, Operation, Options, Outcome, Request, Trouble};
use invalidash::engine::preferences::Front;

use crate::support::dashboard::Stage;
use crate::support::loopback::Loopback;
use crate::support::pty::Pty;

const BINARY: &str = env!("CARGO_BIN_EXE_invalidash");

/// A home whose files somebody else writes, and the program in it.
struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write_keys(&self, id: &str) {
        let text = format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = CANARY-secret-{id}\n");
        // Careful tools replace the file as a whole, so that no one reads half of it.
        fs::write(self.at("new"), text).unwrap();
        fs::rename(self.at("new"), self.at("credentials")).unwrap();
    }

    fn start(&self, server: &Loopback) -> Pty {
        let (config, credentials) = (self.at("config"), self.at("credentials"));
        let env = [
            ("AWS_CONFIG_FILE", config.to_str().unwrap()),
            ("AWS_SHARED_CREDENTIALS_FILE", credentials.to_str().unwrap()),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        Pty::spawn(BINARY, &["--endpoint-url", &server.url], &env, 24, 100)
    }
}

fn expire(emulator: &Emulator) {
    emulator.inject(Fault::new(Trouble::ExpiredToken).always());
}

#[test]
fn keys_that_another_terminal_renews_are_read_again_while_one_only_watches() {
    let server = Loopback::new(Options::demo()).unwrap();
    let home = Home::new();
    home.write_keys("AKIAFIRST00000000000");
    let pty = home.start(&server);
    pty.wait_for("Distributions 14");
    only(&server.emulator, "AKIASECOND0000000000");
    pty.type_keys("<enter>");
    pty.wait_for("not logged in");
    home.write_keys("AKIASECOND0000000000");
    pty.wait_until("the invalidations to come", |screen| {
        !screen.contents().contains("not logged in") && screen.contents().contains("Completed")
    });
}

fn only(emulator: &Emulator, key: &str) {
    emulator.configure(|settings| settings.only_key = Some(key.to_owned()));
}

#[test]
fn a_start_that_failed_goes_on_when_the_files_are_mended() {
    let server = Loopback::new(Options::demo()).unwrap();
    let home = Home::new();
    fs::write(home.at("config"), "[default]\nCANARY nonsense\n").unwrap();
    let pty = home.start(&server);
    pty.wait_for("not connected");
    fs::write(home.at("config"), "[default]\nregion = eu-west-1\n").unwrap();
    pty.wait_for("no credentials for profile");
    home.write_keys("AKIAFIRST00000000000");
    pty.wait_for("Distributions 14");
}

/// A dashboard that fills by itself, with thirty distributions that each have an invalidation.
fn busy() -> Stage {
    let mut stage = Stage::new(Options {
        distributions: Some(30),
        ..Options::default()
    });
    stage.preferences.engine.front = Front::Overview;
    stage.size = (120, 50);
    let list = Request::get("/2020-05-31/distribution?MaxItems=100");
    let listed = stage.emulator.handle(&list, stage.clock.now());
    let Outcome::Reply(reply) = listed else {
        panic!("{listed:?}")
    };
    let text = String::from_utf8_lossy(&reply.body).into_owned();
    for id in text
        .split("<DistributionSummary><Id>")
        .skip(1)
        .filter_map(|rest| rest.split('<').next())
    {
        let body = "<InvalidationBatch><Paths><Quantity>1</Quantity><Items><Path>/x</Path></Items></Paths>\
             <CallerReference>aws-cli</CallerReference></InvalidationBatch>";
        let path = format!("/2020-05-31/distribution/{id}/invalidation");
        stage.emulator.handle(&Request::post(&path, body), stage.clock.now());
    }
    stage.emulator.forget_received();
    stage
}

/// How many reads were made of a kind.
fn reads(stage: &Stage, operation: Operation) -> u64 {
    let operations = stage.emulator.received().operations;
    operations.get(&operation).copied().unwrap_or(0)
}

#[tokio::test(start_paused = true)]
async fn a_right_that_is_missing_is_not_asked_for_once_a_second() {
    let stage = busy();
    let denied = Fault::new(Trouble::AccessDenied).on(Operation::GetInvalidation);
    stage.emulator.inject(denied.always());
    stage
        .play(async |mut person| {
            person.sees("Distributions 30").await;
            person.waits(120).await;
            let refused = reads(&stage, Operation::GetInvalidation);
            assert!(refused <= 4, "{refused} refused");
            // Looking at a target requests it once, however often the user returns to it.
            for _ in 0..5 {
                person.press("<enter>");
                person.waits(5).await;
                person.press("<esc>");
                person.waits(5).await;
            }
            let refused = reads(&stage, Operation::GetInvalidation);
            assert!(refused <= 5, "{refused} refused");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn credentials_that_expired_pause_what_nobody_asked_for() {
    let stage = busy();
    stage
        .play(async |mut person| {
            person.sees("Distributions 30").await;
            person.waits(5).await;
            let all = |stage: &Stage| stage.emulator.received().operations.values().sum::<u64>();
            expire(&stage.emulator);
            let before = all(&stage);
            person.waits(300).await;
            let refused = all(&stage) - before;
            assert!(refused <= 12, "{refused} in five minutes");
            stage.emulator.clear_faults();
            person.press("r");
            person.waits(60).await;
            assert!(all(&stage) - before > 40, "it goes on");
        })
        .await;
}
