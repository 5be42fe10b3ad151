//! Input has the intended meaning: the real program in a terminal that splits sequences, responds late, pastes without
//! an end marker, and sends a different byte for Backspace.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use crate::support::pty::Pty;

const BINARY: &str = env!("CARGO_BIN_EXE_invalidash");

/// Shorter than a lone ESC is held, and longer than a terminal needs to hand it over.
const GAP: Duration = Duration::from_millis(15);

fn start() -> Pty {
    let pty = Pty::spawn(BINARY, &["--demo"], &[], 24, 100);
    pty.wait_for("Last invalidation");
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
        pty.wait_for("Last invalidation");
        pty.type_keys("/docz");
        pty.wait_for("docz");
        pty.send(byte);
        pty.type_keys("s");
        pty.wait_for("/ docs");
        // The same applies to the field that must be filled in before everything is cleared.
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

#[test]
fn a_terminal_that_tells_no_size_is_what_the_environment_says_or_80_by_24() {
    for (variables, last_column) in [("", 80), ("LINES=20 COLUMNS=60", 60)] {
        let program = format!("stty rows 0 cols 0; {variables} exec {BINARY} --demo");
        let pty = Pty::spawn("/bin/sh", &["-c", &program], &[], 24, 100);
        pty.wait_for("E1A2WTXM7KQ4SV");
        let widest = pty.screen().lines().map(|line| line.chars().count()).max();
        assert!(
            widest.is_some_and(|widest| (last_column - 2..=last_column).contains(&widest)),
            "{}",
            pty.screen()
        );
        // Until it tells one.
        pty.resize(24, 100);
        pty.wait_until("the whole width", |screen| {
            let rows = screen.rows(0, 100);
            rows.map(|row| row.trim_end().chars().count()).max() > Some(98)
        });
    }
}

/// A program that takes what it is given on standard input, at the front of the path under this name.
fn with_program(name: &str, script: &str) -> (tempfile::TempDir, String) {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let rest = std::env::var("PATH").unwrap_or_default();
    let paths = format!("{}:{rest}", folder.path().display());
    (folder, paths)
}

#[test]
fn a_copy_says_who_took_it() {
    let (folder, path) = with_program("tmux", "cat > \"${0%/*}/taken\"");
    let in_tmux = Pty::spawn(BINARY, &["--demo"], &[("TMUX", "/x,1,0"), ("PATH", &path)], 24, 100);
    in_tmux.wait_for("Last invalidation");
    in_tmux.type_keys("y");
    in_tmux.wait_for("Copied E1A2WTXM7KQ4SV (tmux)");
    let taken = std::fs::read_to_string(folder.path().join("taken")).unwrap();
    assert_eq!(taken, "E1A2WTXM7KQ4SV");

    // A program that fails copied nothing: the terminal is asked instead, and the notice does not claim success.
    let (_folder, path) = with_program("xclip", "exit 1");
    let (_other, path) = {
        let (folder, own) = with_program("xsel", "exit 1");
        (folder, format!("{}:{path}", own.split(':').next().unwrap_or_default()))
    };
    let with_display = Pty::spawn(BINARY, &["--demo"], &[("DISPLAY", ":9"), ("PATH", &path)], 24, 100);
    with_display.wait_for("Last invalidation");
    with_display.type_keys("y");
    with_display.wait_for("Sent E1A2WTXM7KQ4SV to the terminal's clipboard (OSC 52)");
    with_display.wait_raw(0, "\x1b]52;c;RTFBMldUWE03S1E0U1Y=\x1b\\");
}

#[test]
fn an_editor_that_does_not_wait_loses_nothing() {
    let (folder, path) = with_program("code", "echo \"$1\" > \"${0%/*}/file\"");
    let pty = Pty::spawn(BINARY, &["--demo"], &[("EDITOR", "code"), ("PATH", &path)], 24, 100);
    pty.wait_for("Last invalidation");
    pty.type_keys("i");
    pty.wait_for("Invalidate  ");
    pty.type_keys("/typed<f4>");
    pty.wait_for("code did not wait for the file to close; use EDITOR=\"code --wait\"");
    let file = std::fs::read_to_string(folder.path().join("file")).unwrap();
    std::fs::write(file.trim_end(), "/typed\n/from-its-window\n").unwrap();
    pty.type_keys("<f4>");
    pty.wait_for("/from-its-window");
    std::fs::remove_file(file.trim_end()).unwrap();
}

#[test]
fn the_screen_can_be_drawn_in_ascii() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    std::fs::write(&config, "ascii = true\n").unwrap();
    let config = config.to_string_lossy();
    let pty = Pty::spawn(BINARY, &["--demo", "--config", &config], &[], 24, 100);
    pty.wait_for("Last invalidation");
    pty.type_keys("!");
    pty.wait_for("+- Messages -");
    let screen = pty.screen();
    assert!(!screen.contains(['─', '│', '╭', '▌', '…']), "{screen}");
}

#[test]
fn everything_has_a_way_without_alt() {
    let pty = composer();
    // These are Readline's keys.
    pty.type_keys("<c-a>");
    pty.type_keys("<c-e>d");
    pty.wait_for("/acd");
    pty.type_keys("<c-t>");
    pty.wait_for("Tools");
    pty.type_keys("c");
    pty.wait_for("# /acd");
    pty.type_keys("<c-t>");
    pty.wait_for("Tools");
    pty.type_keys("u");
    pty.wait_until("the item again", |screen| !screen.contents().contains("# /acd"));
    pty.type_keys("<enter>\u{192}");
    pty.wait_for("Option types characters here; press Ctrl-T for the tools");
    pty.type_keys("<backspace>/a b");
    pty.wait_for("/a b");
    pty.type_keys("<f2>");
    pty.wait_for("Review");
}

/// The real tmux with its default configuration, where there is one.
#[test]
fn a_copied_id_is_in_the_buffer_of_tmux() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("socket");
    let socket = socket.to_string_lossy();
    let tmux = |arguments: &[&str]| {
        let mut command = std::process::Command::new("tmux");
        command.args(["-S", &*socket]).args(arguments).output()
    };
    if tmux(&["-V"]).is_err() {
        return;
    }
    let program = format!("{BINARY} --demo");
    let words = ["-S", &*socket, "-f", "/dev/null", "new-session", &program];
    let pty = Pty::spawn("tmux", &words, &[], 24, 100);
    pty.wait_for("Last invalidation");
    pty.type_keys("y");
    pty.wait_for("Copied E1A2WTXM7KQ4SV (tmux)");
    let buffer = tmux(&["show-buffer"]).unwrap();
    assert_eq!(String::from_utf8_lossy(&buffer.stdout), "E1A2WTXM7KQ4SV");
    // Backspace, arrows and a bracketed paste work as well.
    pty.type_keys("i");
    pty.wait_for("Invalidate  ");
    pty.type_keys("/abx<backspace>");
    in_pieces(&pty, &[b"\x1b[D", b"\x1b[C"]);
    pty.paste("c\n/pasted");
    pty.wait_until("both lines", |screen| {
        let shown = screen.contents();
        shown.contains("/abc") && shown.contains("/pasted")
    });
    // So do focus reports, late replies, and the mouse.
    in_pieces(&pty, &[b"\x1b[O", b"\x1b[I", b"\x1b]11;rgb:1414/1919/1f1f\x1b\\"]);
    pty.send(b"\x1b[<0;13;4M\x1b[<0;13;4m");
    pty.type_keys("X");
    pty.wait_for("/abXc");
    pty.type_keys("<c-c>");
    assert_eq!(pty.exit_code(), Some(0));
}

/// GNU screen with its default configuration, where there is one: it keeps Ctrl-A for itself and hands on no paste as one
/// piece.
#[test]
fn what_is_typed_comes_through_gnu_screen() {
    let folder = tempfile::tempdir().unwrap();
    if std::process::Command::new("screen").arg("-v").output().is_err() {
        return;
    }
    let sockets = folder.path().join("sockets");
    std::fs::create_dir(&sockets).unwrap();
    std::fs::set_permissions(&sockets, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let environment = [
        ("SCREENDIR", &*sockets.to_string_lossy().into_owned()),
        ("SHELL", "/bin/sh"),
    ];
    let words = ["-c", "/dev/null", "-U", BINARY, "--demo"];
    let pty = Pty::spawn("screen", &words, &environment, 24, 100);
    pty.wait_for("Last invalidation");
    pty.type_keys("y");
    pty.wait_for("to the terminal's clipboard (OSC 52)");
    pty.type_keys("i");
    pty.wait_for("Invalidate  ");
    pty.type_keys("/abx<backspace>");
    in_pieces(&pty, &[b"\x1b", b"[D", b"\x1b[", b"C"]);
    pty.type_keys("c");
    pty.wait_for("/abc");
    in_pieces(&pty, &[b"\x1b[O", b"\x1b[I", b"\x1b]11;rgb:1414/1919/1f1f\x1b\\"]);
    pty.type_keys("d<c-e>e");
    pty.wait_for("/abcde");
    assert!(!pty.screen().contains("rgb"), "{}", pty.screen());
    pty.type_keys("<c-c>");
    assert_eq!(pty.exit_code(), Some(0));
}
