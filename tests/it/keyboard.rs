//! What arrives is what was meant: the real program in a terminal that splits sequences, answers late, pastes without an
//! end, and has a Backspace of its own.

use std::time::Duration;

use crate::support::pty::Pty;

const BINARY: &str = env!("CARGO_BIN_EXE_invalidash");

/// Shorter than a lone ESC is held, and longer than a terminal needs to hand it over.
const GAP: Duration = Duration::from_millis(15);

fn start() -> Pty {
    let pty = Pty::spawn(BINARY, &["--demo"], &[], 24, 100);
    pty.wait_for("Deployed");
    pty
}

/// The composer of the first distribution, with the beginning of a line.
fn composer() -> Pty {
    let pty = start();
    pty.type_keys("i");
    pty.wait_for("Invalidate  ");
    pty.type_keys("/ac");
    pty.wait_for("/ac");
    pty
}

/// Sends bytes with a pause before each of these pieces.
fn in_pieces(pty: &Pty, pieces: &[&[u8]]) {
    for piece in pieces {
        // Whatever is drawn meanwhile: the pause is what counts.
        let _ = pty.arrival_beyond(usize::MAX, GAP);
        pty.send(piece);
    }
}

#[test]
fn sequences_that_arrive_in_pieces_are_the_keys_they_are() {
    let pty = composer();
    in_pieces(&pty, &[b"\x1b", b"[D"]);
    pty.type_keys("b");
    pty.wait_for("/abc");
    in_pieces(&pty, &[b"\x1b[", b"1;", b"5", b"F"]);
    in_pieces(&pty, &[b"\x1b", b"[O", b"\x1b", b"[I"]);
    pty.type_keys("d");
    pty.wait_for("/abcd");
    in_pieces(&pty, &[b"\x1b", b"[200~e\n/q", b"uit\x1b", b"[201~"]);
    pty.wait_until("both lines", |screen| {
        let shown = screen.contents();
        shown.contains("/abcde") && shown.contains("/quit")
    });
}

#[test]
fn replies_that_come_late_are_no_text_and_take_no_key_along() {
    let pty = composer();
    for reply in [
        "\x1b]11;rgb:1414/1919/1f1f\x1b\\",
        "\x1b]10;rgb:ffff/ffff/ffff\x07",
        "\x1bP>|tmux 3.5a\x1b\\",
        "\x1b_Gi=31;OK\x1b\\",
        "\x1b[?62;22;52c",
        "\x1b[?2026;2$y",
        "\x1b[24;80R",
    ] {
        pty.send(reply.as_bytes());
        pty.type_keys("d");
    }
    pty.wait_for("/acddddddd");
    assert!(!pty.screen().contains("rgb"), "{}", pty.screen());
}

#[test]
fn a_paste_without_an_end_is_taken_after_a_second_and_keys_are_keys_again() {
    let pty = composer();
    pty.send(b"\x1b[200~d\n/pasted");
    pty.wait_for("/pasted");
    pty.type_keys("<c-c>");
    assert_eq!(pty.exit_code(), Some(0));
}

#[test]
fn ctrl_c_ends_the_program_in_a_paste_too() {
    let pty = composer();
    pty.send(b"\x1b[200~d\n/pasted");
    let _ = pty.arrival_beyond(usize::MAX, Duration::from_millis(200));
    pty.type_keys("<c-c>");
    assert_eq!(pty.exit_code(), Some(0));
}

#[test]
fn backspace_is_what_the_terminal_says_it_is() {
    for (erase, byte) in [("^H", b"\x08"), ("^?", b"\x7f")] {
        let program = format!("stty erase '{erase}'; exec {BINARY} --demo");
        let pty = Pty::spawn("/bin/sh", &["-c", &program], &[], 24, 100);
        pty.wait_for("Deployed");
        pty.type_keys("/docz");
        pty.wait_for("docz");
        pty.send(byte);
        pty.type_keys("s");
        pty.wait_for("/ docs");
        // In the field that must be filled in before everything is cleared, too.
        pty.type_keys("<enter>i");
        pty.wait_for("Invalidate  ");
        pty.type_keys("/*<c-s>");
        pty.wait_for("Review");
        pty.type_keys("EX");
        pty.send(byte);
        pty.type_keys("DOCS");
        pty.wait_for("EDOCS ");
    }
}
