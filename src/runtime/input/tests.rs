//! Tests of the input parser: tables of byte sequences, and general properties.

use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use proptest::prelude::*;

use super::parser::{HOLD, Keyboard, Parser, REMOTE_HOLD};

/// A simulated terminal with its own clock.
struct Typed {
    parser: Parser,
    now: Instant,
    events: Vec<Event>,
}

impl Typed {
    fn on(keyboard: Keyboard) -> Self {
        Self {
            parser: Parser::new(keyboard),
            now: Instant::now(),
            events: Vec::new(),
        }
    }

    fn new() -> Self {
        Self::on(Keyboard::default())
    }

    /// Lets time pass as a reader would, calling the parser at each deadline.
    fn wait(&mut self, time: Duration) -> &mut Self {
        let end = self.now + time;
        while let Some(deadline) = self.parser.deadline().filter(|deadline| *deadline <= end) {
            self.parser.expire(deadline, &mut self.events);
        }
        self.now = end;
        self
    }

    fn send(&mut self, bytes: &[u8]) -> &mut Self {
        self.parser.advance(bytes, self.now, &mut self.events);
        self
    }

    /// Waits until nothing is pending and returns all events.
    fn meant(&mut self) -> Vec<Event> {
        self.wait(Duration::from_mins(1));
        assert_eq!(self.parser.deadline(), None, "something is held for ever");
        std::mem::take(&mut self.events)
    }
}

fn whole(bytes: &[u8]) -> Vec<Event> {
    Typed::new().send(bytes).meant()
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, modifiers))
}

fn plain(code: KeyCode) -> Event {
    key(code, KeyModifiers::NONE)
}

fn text(characters: &str) -> Vec<Event> {
    characters.chars().map(|c| plain(KeyCode::Char(c))).collect()
}

fn mouse(kind: MouseEventKind, column: u16, row: u16, modifiers: KeyModifiers) -> Event {
    Event::Mouse(MouseEvent {
        kind,
        column,
        row,
        modifiers,
    })
}

const NONE: KeyModifiers = KeyModifiers::NONE;
const SHIFT: KeyModifiers = KeyModifiers::SHIFT;
const ALT: KeyModifiers = KeyModifiers::ALT;
const CONTROL: KeyModifiers = KeyModifiers::CONTROL;

/// Returns every sequence that yields one event, along with the event.
fn known() -> Vec<(&'static [u8], Event)> {
    let left = MouseButton::Left;
    vec![
        (b"a", plain(KeyCode::Char('a'))),
        ("ü".as_bytes(), plain(KeyCode::Char('ü'))),
        ("社".as_bytes(), plain(KeyCode::Char('社'))),
        ("🦀".as_bytes(), plain(KeyCode::Char('🦀'))),
        (b"\r", plain(KeyCode::Enter)),
        (b"\t", plain(KeyCode::Tab)),
        (b"\x7f", plain(KeyCode::Backspace)),
        (b"\x08", key(KeyCode::Char('h'), CONTROL)),
        (b"\x03", key(KeyCode::Char('c'), CONTROL)),
        (b"\n", key(KeyCode::Char('j'), CONTROL)),
        (b"\0", key(KeyCode::Char(' '), CONTROL)),
        (b"\x1f", key(KeyCode::Char('7'), CONTROL)),
        (b"\x1bf", key(KeyCode::Char('f'), ALT)),
        ("\x1bé".as_bytes(), key(KeyCode::Char('é'), ALT)),
        (b"\x1b\x7f", key(KeyCode::Backspace, ALT)),
        (b"\x1b[A", plain(KeyCode::Up)),
        (b"\x1bOA", plain(KeyCode::Up)),
        (b"\x1b[D", plain(KeyCode::Left)),
        (b"\x1b[1;5C", key(KeyCode::Right, CONTROL)),
        (b"\x1b[1;3:1D", key(KeyCode::Left, ALT)),
        (b"\x1b\x1b[D", key(KeyCode::Left, ALT)),
        (b"\x1bOd", key(KeyCode::Left, CONTROL)),
        (b"\x1b[a", key(KeyCode::Up, SHIFT)),
        (b"\x1b[H", plain(KeyCode::Home)),
        (b"\x1bOF", plain(KeyCode::End)),
        (b"\x1b[1~", plain(KeyCode::Home)),
        (b"\x1b[8~", plain(KeyCode::End)),
        (b"\x1b[3~", plain(KeyCode::Delete)),
        (b"\x1b[3;5~", key(KeyCode::Delete, CONTROL)),
        (b"\x1b[3^", key(KeyCode::Delete, CONTROL)),
        (b"\x1b[5~", plain(KeyCode::PageUp)),
        (b"\x1b[Z", key(KeyCode::BackTab, SHIFT)),
        (b"\x1bOP", plain(KeyCode::F(1))),
        (b"\x1b[P", plain(KeyCode::F(1))),
        (b"\x1b[[C", plain(KeyCode::F(3))),
        (b"\x1b[13~", plain(KeyCode::F(3))),
        (b"\x1b[15~", plain(KeyCode::F(5))),
        (b"\x1b[17~", plain(KeyCode::F(6))),
        (b"\x1b[24;2~", key(KeyCode::F(12), SHIFT)),
        (b"\x1b[1;2P", key(KeyCode::F(1), SHIFT)),
        (b"\x1b[34~", plain(KeyCode::F(20))),
        (b"\x1bOM", plain(KeyCode::Enter)),
        (b"\x1bOp", plain(KeyCode::Char('0'))),
        // The kitty keyboard protocol.
        (b"\x1b[27u", plain(KeyCode::Esc)),
        (b"\x1b[97;5u", key(KeyCode::Char('a'), CONTROL)),
        (b"\x1b[97:65;2;65u", plain(KeyCode::Char('A'))),
        (b"\x1b[97:65;2u", key(KeyCode::Char('A'), SHIFT)),
        (b"\x1b[9;2u", key(KeyCode::BackTab, SHIFT)),
        (b"\x1b[57417u", plain(KeyCode::Left)),
        (b"\x1b[57376;1:1u", plain(KeyCode::F(13))),
        // The modifyOtherKeys format.
        (b"\x1b[27;5;9~", key(KeyCode::Tab, CONTROL)),
        (b"\x1b[27;6;83~", key(KeyCode::Char('S'), CONTROL | SHIFT)),
        (b"\x1b[I", Event::FocusGained),
        (b"\x1b[O", Event::FocusLost),
        (b"\x1b[<0;3;4M", mouse(MouseEventKind::Down(left), 2, 3, NONE)),
        (b"\x1b[<0;300;4m", mouse(MouseEventKind::Up(left), 299, 3, NONE)),
        (b"\x1b[<65;1;1M", mouse(MouseEventKind::ScrollDown, 0, 0, NONE)),
        (
            b"\x1b[<20;1;1M",
            mouse(MouseEventKind::Down(left), 0, 0, SHIFT | CONTROL),
        ),
        (
            b"\x1b[<34;1;1M",
            mouse(MouseEventKind::Drag(MouseButton::Right), 0, 0, NONE),
        ),
        (b"\x1b[M !!", mouse(MouseEventKind::Down(left), 0, 0, NONE)),
        (b"\x1b[M`\"#", mouse(MouseEventKind::ScrollUp, 1, 2, NONE)),
        (b"\x1b[32;5;6M", mouse(MouseEventKind::Down(left), 4, 5, NONE)),
        (b"\x1b[200~/a\n/\x1b[0mb\x1b[201~", Event::Paste("/a\n/\x1b[0mb".into())),
        ("\x1b[200~/ü\x03\x1b[201~".as_bytes(), Event::Paste("/ü\x03".into())),
    ]
}

/// Reports that a terminal sends about itself, requested or not. None of them is input.
const REPLIES: &[&[u8]] = &[
    b"\x1b]11;rgb:1414/1919/1f1f\x1b\\",
    b"\x1b]10;rgb:ffff/ffff/ffff\x07",
    b"\x1b]4;1;rgb:ff/00/00\x1b\\",
    b"\x1b]52;c;L2EvKg==\x07",
    "\x1b]0;ein Titel über alles\x07".as_bytes(),
    b"\x1bP>|tmux 3.5a\x1b\\",
    b"\x1bP1$r0m\x1b\\",
    b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b^private\x1b\\",
    b"\x1bXstart\x1b\\",
    b"\x1b[?62;22;52c",
    b"\x1b[>1;10;0c",
    b"\x1b[=1;2;3c",
    b"\x1b[?2026;2$y",
    b"\x1b[20;0$y",
    b"\x1b[0n",
    b"\x1b[24;80R",
    b"\x1b[1;2R",
    b"\x1b[?1u",
    b"\x1b[8;24;80t",
    b"\x1b[?997;1n",
    b"\x1b[48;24;80;480;800t",
    b"\x1b[201~",
    b"\x1b[97;1:3u",
    b"\x1b[1;1:3A",
    b"\x1b[57441;2u",
    b"\x1b[?1;2S",
];

#[test]
fn every_known_sequence_means_its_event() {
    for (bytes, event) in known() {
        assert_eq!(whole(bytes), [event], "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn replies_mean_nothing_and_the_next_key_is_heard() {
    for reply in REPLIES {
        let events = whole(&[reply, b"/ab".as_slice()].concat());
        assert_eq!(events, text("/ab"), "{:?}", String::from_utf8_lossy(reply));
    }
}

#[test]
fn a_lone_esc_is_the_key_once_nothing_followed_in_time() {
    let mut typed = Typed::new();
    typed.send(b"\x1b").wait(HOLD.saturating_sub(Duration::from_millis(1)));
    assert_eq!(typed.events, []);
    typed.wait(Duration::from_millis(1));
    assert_eq!(typed.events, [plain(KeyCode::Esc)]);
    assert_eq!(whole(b"\x1b\x1b"), [plain(KeyCode::Esc), plain(KeyCode::Esc)]);

    let remote = Keyboard {
        hold: REMOTE_HOLD,
        ..Keyboard::default()
    };
    let mut typed = Typed::on(remote);
    typed.send(b"\x1b").wait(Duration::from_millis(99)).send(b"[A");
    assert_eq!(typed.meant(), [plain(KeyCode::Up)]);
}

#[test]
fn esc_keeps_its_meaning_before_what_is_no_key() {
    for follower in [
        b"\x1b[O".as_slice(),
        b"\x1b]11;x\x07",
        b"\x1b[?62c",
        b"\x1b[<0;1;1M",
        b"\x1b[200~x\x1b[201~",
    ] {
        let events = whole(&[b"\x1b", follower].concat());
        assert_eq!(
            events.first(),
            Some(&plain(KeyCode::Esc)),
            "{:?}",
            String::from_utf8_lossy(follower)
        );
    }
}

#[test]
fn keys_with_alt_that_begin_no_sequence_are_keys() {
    for character in ['[', 'O', ']', 'P', 'X', '^', '_'] {
        let events = whole(format!("\x1b{character}").as_bytes());
        assert_eq!(events, [key(KeyCode::Char(character), ALT)]);
        // Text that is typed slowly after the key is ordinary text.
        let mut typed = Typed::new();
        typed
            .send(format!("\x1b{character}").as_bytes())
            .wait(Duration::from_millis(300))
            .send(b"/a");
        assert_eq!(typed.meant()[1..], text("/a"), "{character}");
    }
}

#[test]
fn ctrl_c_is_heard_in_every_state() {
    let control_c = key(KeyCode::Char('c'), CONTROL);
    let unfinished: &[&[u8]] = &[
        b"",
        b"\x1b",
        b"\x1b\x1b",
        b"\x1b[",
        b"\x1b[1;",
        b"\x1bO",
        b"\x1b[M ",
        b"\x1b]",
        b"\x1b]11;rgb",
        b"\x1bP1",
        b"\xc3",
        b"\x1b[200~/a\n",
        b"\x1b[200~/a\x1b[20",
    ];
    for bytes in unfinished {
        let mut typed = Typed::new();
        typed.send(bytes).wait(Duration::from_millis(150)).send(b"\x03");
        assert_eq!(
            typed.events.last(),
            Some(&control_c),
            "{:?}",
            String::from_utf8_lossy(bytes)
        );
    }
}

#[test]
fn a_paste_without_its_end_is_over_after_a_second_of_silence() {
    let mut typed = Typed::new();
    typed.send(b"\x1b[200~/a\n/b\x1b[20").wait(Duration::from_millis(999));
    assert_eq!(typed.events, []);
    typed.wait(Duration::from_millis(1)).send(b"q");
    assert_eq!(
        typed.meant(),
        [Event::Paste("/a\n/b".into()), plain(KeyCode::Char('q'))]
    );
}

#[test]
fn a_key_after_a_pause_ends_a_paste_that_has_no_end() {
    for (bytes, code, modifiers) in [
        (b"\x03".as_slice(), KeyCode::Char('c'), CONTROL),
        (b"\x1b[A", KeyCode::Up, NONE),
    ] {
        let mut typed = Typed::new();
        typed.send(b"\x1b[200~/a").wait(Duration::from_millis(100)).send(bytes);
        assert_eq!(typed.meant(), [Event::Paste("/a".into()), key(code, modifiers)]);
    }
    // A key does not end the paste if it arrives together with other bytes, or without a pause.
    let mut typed = Typed::new();
    typed
        .send(b"\x1b[200~/a")
        .send(b"\x03")
        .wait(Duration::from_millis(200));
    typed
        .send(b"\x1b[0m/b")
        .wait(Duration::from_millis(200))
        .send(b"\x1b[201~");
    assert_eq!(typed.meant(), [Event::Paste("/a\x03\x1b[0m/b".into())]);
}

#[test]
fn the_rest_of_a_paste_that_was_given_up_runs_as_no_keys() {
    let mut typed = Typed::new();
    typed.send(b"\x1b[200~/a\n").wait(Duration::from_secs(2));
    typed
        .send(b"q\nD\n/quite/long")
        .wait(Duration::from_millis(20))
        .send(b"\n/c\x1b[201~j");
    let pasted: Vec<_> = ["/a\n", "q\nD\n/quite/long\n/c"]
        .map(|text| Event::Paste(text.into()))
        .into();
    assert_eq!(typed.meant(), [pasted, text("j")].concat());

    let mut typed = Typed::new();
    typed
        .send(b"\x1b[200~/a\n")
        .wait(Duration::from_secs(2))
        .send(b"q\x1b[201~j");
    let pasted: Vec<_> = ["/a\n", "q"].map(|text| Event::Paste(text.into())).into();
    assert_eq!(typed.meant(), [pasted, text("j")].concat());
}

#[test]
fn an_endless_paste_is_handed_on_in_pieces_that_lose_nothing() {
    let line = "/a/path/ü\n";
    let mut typed = Typed::new();
    typed.send(b"\x1b[200~");
    let chunk = line.repeat(400);
    for _ in 0..6_000 {
        typed.send(chunk.as_bytes());
    }
    let events = typed.meant();
    assert!(events.len() > 1, "nothing was handed on");
    let pasted: String = events
        .into_iter()
        .map(|event| match event {
            Event::Paste(text) => text,
            _ => String::new(),
        })
        .collect();
    assert_eq!(pasted.len(), chunk.len() * 6_000);
    assert!(pasted.lines().all(|found| found == line.trim_end()));
}

#[test]
fn backspace_is_what_the_terminal_says() {
    let keyboard = Keyboard {
        erase: 0x08,
        ..Keyboard::default()
    };
    for (keyboard, bytes, code, modifiers) in [
        (keyboard, b"\x08", KeyCode::Backspace, NONE),
        (keyboard, b"\x7f", KeyCode::Backspace, NONE),
        (Keyboard::default(), b"\x7f", KeyCode::Backspace, NONE),
        (Keyboard::default(), b"\x08", KeyCode::Char('h'), CONTROL),
        // A setting that would make a key unusable is ignored.
        (
            Keyboard {
                erase: 0x03,
                ..keyboard
            },
            b"\x03",
            KeyCode::Char('c'),
            CONTROL,
        ),
        (
            Keyboard {
                erase: b'\r',
                ..keyboard
            },
            b"\r",
            KeyCode::Enter,
            NONE,
        ),
        (Keyboard { erase: 0, ..keyboard }, b"\x08", KeyCode::Char('h'), CONTROL),
    ] {
        assert_eq!(
            Typed::on(keyboard).send(bytes).meant(),
            [key(code, modifiers)],
            "{keyboard:?}"
        );
    }
}

#[test]
fn what_is_cut_off_for_good_is_dropped_and_takes_no_key_along() {
    for bytes in [
        b"\x1b[1;".as_slice(),
        b"\x1b[<0;3",
        b"\x1b[M ",
        b"\x1b]11;rgb",
        b"\x1bP1",
        b"\xe7\xa4",
    ] {
        let mut typed = Typed::new();
        typed.send(bytes).wait(Duration::from_secs(2)).send(b"j");
        assert_eq!(typed.meant(), text("j"), "{:?}", String::from_utf8_lossy(bytes));
    }
    // A sequence longer than any known one.
    let long = [b"\x1b[".as_slice(), &b"1;".repeat(5_000), b"Aj"].concat();
    assert_eq!(whole(&long), text("j"));
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|number| number.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(2_000),
        ..ProptestConfig::default()
    }
}

/// A known sequence with its events; replies have none.
fn sequence() -> impl Strategy<Value = (Vec<u8>, Vec<Event>)> {
    let known: Vec<_> = known()
        .into_iter()
        .map(|(bytes, event)| (bytes.to_vec(), vec![event]))
        .collect();
    let replies: Vec<_> = REPLIES.iter().map(|bytes| (bytes.to_vec(), Vec::new())).collect();
    let pasted = "[ -~äß\n\t]{0,40}".prop_map(|text| {
        let events = if text.is_empty() {
            Vec::new()
        } else {
            vec![Event::Paste(text.clone())]
        };
        (format!("\x1b[200~{text}\x1b[201~").into_bytes(), events)
    });
    prop_oneof![
        4 => proptest::sample::select(known),
        3 => proptest::sample::select(replies),
        1 => pasted,
    ]
}

proptest! {
    #![proptest_config(cases())]

    /// Checks that a sequence has the same meaning however it is split, provided that the gaps stay below the limit.
    #[test]
    fn cut_anywhere_means_the_same((bytes, events) in sequence(), cuts in proptest::collection::vec((0..64usize, 0..40u64), 0..4)) {
        let mut at: Vec<_> = cuts.into_iter().map(|(at, gap)| (at % (bytes.len() + 1), gap)).collect();
        at.sort_unstable();
        at.dedup_by_key(|(at, _)| *at);
        let (mut typed, mut from) = (Typed::new(), 0);
        for (cut, gap) in at {
            if cut > from {
                typed.send(&bytes[from..cut]);
                from = cut;
            }
            typed.wait(Duration::from_millis(gap));
        }
        if from < bytes.len() {
            typed.send(&bytes[from..]);
        }
        prop_assert_eq!(typed.meant(), events);
    }

    /// Checks that any mix of replies, keys and pastes, in pieces of any size, yields only the keys and pastes.
    #[test]
    fn a_mix_gives_keys_and_pastes_alone(parts in proptest::collection::vec(sequence(), 0..12), size in 1..40usize, gap in 0..40u64) {
        let bytes: Vec<u8> = parts.iter().flat_map(|(bytes, _)| bytes.clone()).collect();
        let events: Vec<Event> = parts.into_iter().flat_map(|(_, events)| events).collect();
        let mut typed = Typed::new();
        for piece in bytes.chunks(size) {
            typed.send(piece).wait(Duration::from_millis(gap));
        }
        prop_assert_eq!(typed.meant(), events);
    }

    /// Checks that, whatever bytes arrive, nothing panics, nothing remains pending forever, and Ctrl-C is recognized.
    #[test]
    fn any_bytes_end_somewhere(pieces in proptest::collection::vec((proptest::collection::vec(any::<u8>(), 0..24), 0..300u64), 0..12)) {
        let mut typed = Typed::new();
        for (piece, gap) in pieces {
            typed.send(&piece).wait(Duration::from_millis(gap));
        }
        typed.meant();
        let events = typed.send(b"\x03").meant();
        prop_assert_eq!(events.last(), Some(&key(KeyCode::Char('c'), CONTROL)));
    }
}
