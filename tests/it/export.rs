//! Exports of the history to names that may not be written to: an export only replaces a file that the user may write.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};
use std::process::Command;

use crate::support::dashboard::Stage;

#[tokio::test(start_paused = true)]
async fn an_export_replaces_nothing_but_a_file_that_may_be_written() {
    let stage = Stage::demo();
    let at = |name: &str| stage.folder().join(name);
    assert!(Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
    symlink(at("pipe"), at("to-pipe")).unwrap();
    symlink("/dev/null", at("to-null")).unwrap();
    symlink(at("none"), at("to-none")).unwrap();
    fs::write(at("fixed"), "as it was").unwrap();
    fs::set_permissions(at("fixed"), fs::Permissions::from_mode(0o444)).unwrap();
    fs::write(at(".saving-aB3xYz"), "half").unwrap();
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("<enter>");
            person.sees("live").await;
            person.submits("/a").await;
            person.sees("InProgress").await;
            person.press("3");
            person.sees("1 of 1").await;
            person.press("e");
            person.sees("with all items").await;
            for (name, reason) in [
                ("pipe", "it is a named pipe"),
                ("to-pipe", "it is a named pipe"),
                ("/dev/null", "it is a device"),
                ("to-null", "it is a device"),
                ("to-none", "it is a symlink to a file that does not exist"),
                ("fixed", "it is read-only"),
            ] {
                person.press(&format!("<c-u>{name}<enter>"));
                let screen = person.sees("could not be written").await;
                let words = |text: &str| text.split([' ', '│', '\n']).collect::<String>();
                assert!(words(&screen).contains(&words(reason)), "{name}: {screen}");
                assert!(!screen.contains("Replace"), "{screen}");
                // The next one starts without it.
                person.press("x");
                person.misses("could not be written").await;
            }
            person.press("<c-u>out.json<enter>");
            person.sees("1 row written to").await;
        })
        .await;
    let kind = |name: &str| fs::symlink_metadata(at(name)).unwrap().file_type();
    assert!(kind("pipe").is_fifo() && kind("to-pipe").is_symlink() && kind("to-null").is_symlink());
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    assert_eq!(fs::read_to_string(at("fixed")).unwrap(), "as it was");
    assert!(!at(".saving-aB3xYz").exists(), "what a kill left is deleted");
    assert!(at("out.json").exists());
}
