//! The real binary in a real terminal, with its embedded emulator: the README's first command, using only the keyboard.

use crate::support::pty::Pty;

const BINARY: &str = env!("CARGO_BIN_EXE_invalidash");

fn demo(env: &[(&str, &str)], rows: u16, cols: u16) -> Pty {
    let mut all = vec![("TERM", "xterm-256color")];
    all.extend(env);
    Pty::spawn(BINARY, &["--demo"], &all, rows, cols)
}

#[test]
fn the_whole_job_in_a_small_and_in_a_large_terminal() {
    for (rows, cols) in [(24, 80), (50, 160)] {
        let pty = demo(&[], rows, cols);
        pty.wait_for("Distributions 14");
        pty.type_keys("i");
        pty.wait_for("Invalidate");
        pty.type_keys("/index.html<enter>/en/*<c-s>");
        pty.wait_for("2 items will be sent");
        pty.confirms();
        pty.wait_for("InProgress");
        pty.wait_for("Completed after");
        pty.type_keys("<enter>");
        pty.wait_for("CallerReference");
        pty.type_keys("qqq");
        assert_eq!(pty.exit_code(), Some(0), "{rows}×{cols}");
        assert!(!pty.alternate_screen());
        assert_eq!(pty.line_settings(), pty.line_settings_before());
    }
}

/// Nobody looks for data of the demo that is no longer there, or for an identity that it never had.
#[test]
fn the_demo_says_that_it_has_no_identity_and_at_its_end_that_it_keeps_nothing() {
    let pty = demo(&[], 24, 80);
    pty.wait_for("Distributions 14");
    pty.type_keys("W");
    pty.wait_for("123456789012");
    pty.wait_for("none (the demo has no identity)");
    assert!(!pty.screen().contains("unknown"), "{}", pty.screen());
    pty.type_keys("W");
    pty.wait_for("q quit");
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), Some(0));
    let screen = pty.screen();
    let last = "Demo ended: nothing was sent to CloudFront, and the demo data was deleted";
    assert_eq!(screen.matches(last).count(), 1, "{screen}");
}

/// With few file descriptors something cannot be opened, sooner or later: the keyboard, the ledger, the network.
#[test]
fn whoever_allows_few_open_files_is_told_what_could_not_be_opened() {
    for limit in 10..=26 {
        let command = format!("ulimit -n {limit}; exec {BINARY} --demo");
        let pty = Pty::spawn("/bin/sh", &["-c", &command], &[("TERM", "xterm-256color")], 24, 160);
        if pty.appears_or_ends("quit") {
            pty.try_type("q");
        }
        let code = pty.exit_code();
        let screen = pty.screen();
        let told =
            screen.contains("Too many open files (os error 24); raise the limit, for example with `ulimit -n 256`");
        assert!(
            code == Some(0) || (code == Some(1) && told),
            "{limit}: {code:?}\n{screen}"
        );
    }
}

/// Whoever sees it for the first time finds what runs, opens it, and starts one of their own.
#[test]
fn the_first_screen_of_the_demo_leads_to_the_main_job() {
    let pty = demo(&[], 24, 80);
    pty.wait_for("1 in flight");
    let selected = pty.row(4);
    assert!(
        selected.contains("www.lumen-shop") && selected.contains('▸'),
        "{selected:?}"
    );
    pty.type_keys("<enter>");
    pty.wait_for("InProgress");
    pty.wait_for("typical 9 s");
    pty.type_keys("<enter>");
    pty.wait_for("sale begins");
    pty.type_keys("qqi");
    pty.wait_for("Invalidate");
    pty.type_keys("/index.html<c-s>");
    pty.wait_for("1 item will be sent");
    pty.confirms();
    pty.wait_for("Completed after");
    pty.type_keys("<c-c>");
    assert_eq!(pty.exit_code(), Some(0));
}

#[test]
fn without_colors_the_selection_is_marked_and_no_color_is_written() {
    let pty = demo(&[("NO_COLOR", "1")], 24, 80);
    pty.wait_for("Distributions 14");
    let selected = pty.row(4);
    assert!(selected.trim_start().starts_with('>'), "{selected:?}");
    let log = String::from_utf8_lossy(&pty.log()).into_owned();
    let color = log.split("\u{1b}[").skip(1).find(|rest| {
        let parameters = rest.split(|c: char| c.is_ascii_alphabetic()).next().unwrap_or_default();
        let is_style = rest[parameters.len()..].starts_with('m');
        let is_color = |number: u8| matches!(number, 30..=49 | 90..=107);
        is_style
            && parameters
                .split(';')
                .filter_map(|number| number.parse().ok())
                .any(is_color)
    });
    assert_eq!(color, None);
    assert!(!log.contains("\u{1b}[;m"));
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), Some(0));
}

#[test]
fn a_storm_of_sizes_and_a_flood_of_keys_are_survived() {
    let pty = demo(&[], 24, 80);
    pty.wait_for("Distributions 14");
    for step in 1..60 {
        pty.resize(step % 50 + 1, (step * 7) % 150 + 1);
    }
    pty.type_keys(&"j".repeat(2_000));
    pty.type_keys(&"k".repeat(2_000));
    pty.resize(24, 80);
    pty.wait_for("www.lumen-shop");
    pty.paste(&"/x\n".repeat(1_000));
    pty.type_keys("i");
    pty.wait_for("Invalidate");
    pty.paste(&"/page.html\n".repeat(20_000));
    pty.wait_for("20000 ·");
    pty.type_keys("<c-c>");
    assert_eq!(pty.exit_code(), Some(0));
}

#[test]
fn each_signal_ends_it_with_its_code_and_gives_the_terminal_back() {
    use rustix::process::Signal;
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let pty = demo(&[], 24, 80);
        pty.wait_for("Distributions 14");
        pty.signal(signal);
        assert_eq!(pty.exit_code(), Some(code));
        assert!(!pty.alternate_screen());
        assert_eq!(pty.line_settings(), pty.line_settings_before());
    }
}

#[test]
fn whoever_has_no_credentials_is_told_what_helps_and_can_open_the_demo() -> std::io::Result<()> {
    let home = tempfile::tempdir()?;
    let config = home.path().join("config");
    let profiles =
        "[default]\nregion = us-east-1\n[profile dev]\naws_access_key_id = A\naws_secret_access_key = CANARY\n";
    std::fs::write(&config, profiles)?;
    let config = config.to_string_lossy();
    let env = [("AWS_CONFIG_FILE", &*config), ("AWS_EC2_METADATA_DISABLED", "true")];
    let pty = Pty::spawn(BINARY, &[], &env, 24, 100);
    pty.wait_for("Other profiles: dev.");
    pty.wait_for("open the demo (no account needed)");
    pty.type_keys("d");
    pty.wait_for("Distributions 14");
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), Some(0), "{}", pty.screen());
    assert!(!pty.alternate_screen());
    assert_eq!(pty.line_settings(), pty.line_settings_before());
    Ok(())
}
