//! The parsers, and the property that each has to satisfy.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_sdk_cloudfront::config::{HttpClient, RuntimeComponents};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use invalidash::cli::Options;
use invalidash::domain::analysis::Analysis;
use invalidash::domain::batch::{Batch, CallerReference};
use invalidash::domain::distribution::{DistributionId, Target as CloudFrontTarget};
use invalidash::domain::failure::Failure;
use invalidash::domain::import::{self, CommitRange, Import, Location, PrefixMap, Walk};
use invalidash::domain::lint::{Context, apply_safe_fixes};
use invalidash::engine::effect::Call;
use invalidash::runtime::cloudfront::CloudFront;
use invalidash::runtime::credentials::Connection;
use invalidash::runtime::input::parser::{Keyboard, Parser};
use invalidash::settings::Settings;
use tokio::runtime::Runtime;

use super::Target;
use crate::support::connector::ENDPOINT;

/// More than anything that is said or made of so many bytes: a letter outside ASCII is sent as nine characters, and a
/// suggestion may have three lines.
fn bound(bytes: &[u8]) -> usize {
    2_000 + bytes.len() * 64
}

fn shop() -> Context {
    Context {
        hosts: ["www.shop.example".to_owned()].into(),
        ..Context::default()
    }
}

/// How many there are, roughly.
fn some(count: usize) -> u32 {
    usize::BITS - count.leading_zeros()
}

/// What is typed. Everything ends, no text is longer than what was typed, and Ctrl-C is heard whatever came before.
pub(super) struct Typed;

impl Target for Typed {
    fn read(&mut self, bytes: &[u8]) -> String {
        // The first byte determines the size of the pieces, the second one the length of the pauses.
        let (size, pause) = match bytes {
            [size, pause, ..] => (usize::from(*size) + 1, Duration::from_millis(u64::from(*pause))),
            _ => (1, Duration::ZERO),
        };
        let (mut parser, mut events, mut now) = (Parser::new(Keyboard::default()), Vec::new(), Instant::now());
        for piece in bytes.chunks(size) {
            parser.advance(piece, now, &mut events);
            now += pause;
            parser.expire(now, &mut events);
        }
        let text: usize = events.iter().map(length).sum();
        assert!(text <= bytes.len() * 4, "{events:?}");
        let kinds: BTreeSet<String> = events.iter().map(kind).collect();
        while let Some(deadline) = parser.deadline() {
            now = deadline;
            parser.expire(now, &mut events);
        }
        parser.advance(b"\x03", now + Duration::from_secs(5), &mut events);
        let ctrl_c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(events.last(), Some(&Event::Key(ctrl_c)));
        format!("{} {kinds:?}", some(events.len()))
    }
}

fn length(event: &Event) -> usize {
    match event {
        Event::Paste(text) => text.len(),
        _ => 1,
    }
}

fn kind(event: &Event) -> String {
    match event {
        Event::Key(KeyEvent {
            code: KeyCode::Char(_),
            modifiers,
            ..
        }) => format!("{modifiers:?}"),
        Event::Key(key) => format!("{:?}", key.code),
        Event::Mouse(mouse) => format!("{:?}", mouse.kind),
        Event::Paste(_) => "paste".to_owned(),
        other => format!("{other:?}"),
    }
}

/// An import holds whole lines, and not much more than what was read.
fn import_of(import: &Import, most: usize) -> String {
    let texts = || import.rows.iter().map(|row| &row.text);
    assert!(texts().all(|text| !text.contains(['\n', '\r'])), "{import:?}");
    let size: usize = texts().map(String::len).sum();
    assert!(size <= most, "{size} bytes");
    let left_out: BTreeSet<String> = import
        .left_out
        .iter()
        .map(|left| format!("{:?}", left.reason))
        .collect();
    let left_out: BTreeSet<&str> = left_out.iter().map(|reason| word(reason)).collect();
    format!("{} {left_out:?}", some(import.rows.len()))
}

/// The name of a variant.
fn word(reason: &str) -> &str {
    reason.split([' ', '(', '{']).next().unwrap_or_default()
}

/// Lists in any notation, read, judged and mended.
pub(super) struct Lists(Context);

impl Lists {
    pub(super) fn new() -> Self {
        Self(shop())
    }
}

impl Target for Lists {
    fn read(&mut self, bytes: &[u8]) -> String {
        let read = match import::text(bytes, "l.txt", &self.0) {
            Ok(import) => import_of(&import, bound(bytes)),
            Err(reason) => reason.to_string().chars().filter(|c| !c.is_ascii_digit()).collect(),
        };
        if let Ok(import) = import::list(bytes, "l.txt") {
            import_of(&import, bound(bytes));
        }
        let Ok(text) = import::whole(bytes.to_vec(), "l.txt") else {
            return read;
        };
        let lines: Vec<&str> = import::split(&text).collect();
        let list = Analysis::of(&lines, self.0.clone());
        let mut codes = BTreeSet::new();
        for line in 0..list.len() {
            for diagnostic in list.diagnostics(line) {
                assert!(diagnostic.message.len() <= bound(bytes));
                codes.insert(diagnostic.code.to_string());
            }
        }
        let fixed = lines.iter().filter_map(|line| apply_safe_fixes(line, &self.0));
        assert!(fixed.map(|line| line.len()).sum::<usize>() <= bound(bytes));
        format!("{read} {codes:?}")
    }
}

/// Sitemaps and indexes of them, which may name each other for ever.
pub(super) struct Sitemaps(Context);

impl Sitemaps {
    pub(super) fn new() -> Self {
        Self(shop())
    }
}

impl Target for Sitemaps {
    fn read(&mut self, bytes: &[u8]) -> String {
        const MOST: usize = 20;
        let mut walk = Walk::new(Location::File("s.xml".to_owned()), None, self.0.clone());
        let mut reads = 0;
        while walk.next_location().is_some() && reads < MOST {
            walk.take(Ok(bytes.to_vec()));
            reads += 1;
        }
        match walk.finish() {
            Ok(import) => import_of(&import, bound(bytes) * MOST),
            Err(reason) => {
                assert!(reason.len() <= bound(bytes), "{reason}");
                reason.chars().filter(|c| c.is_alphabetic()).take(40).collect()
            }
        }
    }
}

/// What git says of two commits, and what it complains of.
pub(super) struct Git(CommitRange, PrefixMap);

impl Git {
    pub(super) fn new() -> Self {
        Self("A..B".parse().unwrap(), "dist/=/".parse().unwrap())
    }
}

impl Target for Git {
    fn read(&mut self, bytes: &[u8]) -> String {
        assert!(import::complaint(bytes).len() <= 1_000);
        match import::changed_files(bytes, &self.0, &self.1) {
            Ok(import) => import_of(&import, bound(bytes)),
            Err(torn) => format!("{torn:?}"),
        }
    }
}

/// What CloudFront answers to a `CreateInvalidation`. A refusal has a code that stands in the answer, and what is not a
/// whole error document with a 4xx is none: the request may have worked.
pub(super) struct Answers {
    runtime: Runtime,
    cloudfront: CloudFront,
    said: Said,
}

impl Answers {
    pub(super) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let said = Said::default();
        Self {
            runtime: runtime.unwrap(),
            cloudfront: CloudFront::new(Connection::demo(ENDPOINT).over(said.clone())),
            said,
        }
    }
}

impl Target for Answers {
    fn read(&mut self, bytes: &[u8]) -> String {
        const STATUSES: [u16; 8] = [201, 200, 400, 403, 404, 429, 500, 503];
        let (first, body) = bytes.split_first().unwrap_or((&0, &[]));
        let status = STATUSES[usize::from(*first) % STATUSES.len()];
        *self.said.0.lock().unwrap_or_else(PoisonError::into_inner) = (status, body.to_vec());
        let call = Call::CreateInvalidation {
            target: CloudFrontTarget::Distribution(DistributionId::new("E1A2WTXM7KQ4SV")),
            batch: Batch::new(vec!["/a".to_owned()]).unwrap(),
            reference: CallerReference::new("r-1"),
        };
        let answer = self.runtime.block_on(self.cloudfront.call(call));
        let Err(failure) = answer else {
            assert!(status < 300, "{status} was taken for a success");
            return format!("{status} taken");
        };
        assert!(failure.to_string().len() <= bound(bytes), "{failure}");
        let Failure::Refused(refusal) = &failure else {
            return format!("{status} {}", word(&format!("{failure:?}")));
        };
        assert!((400..500).contains(&status), "{status} was taken for a refusal");
        assert!(
            body.windows(8).any(|part| part == b"</Error>" || part == b"</Error\n"),
            "half a refusal"
        );
        format!("{status} {:?} {}", refusal.kind(), refusal.message.is_empty())
    }
}

/// An answer that is given again and again.
#[derive(Clone, Debug, Default)]
struct Said(Arc<Mutex<(u16, Vec<u8>)>>);

impl HttpClient for Said {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Said {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let (status, body) = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body))))
    }
}

/// Whether the secret stands for a value wherever it stands: in a text behind a key.
fn is_value(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.split(['\n', '\r']).filter(|line| line.contains("CANARY"));
    lines.all(|line| {
        let begins = line.trim_start().starts_with(|c: char| c.is_ascii_alphabetic());
        let before = line.split(['"', '\'']).next().unwrap_or_default();
        begins && before.len() < line.len() && !before.contains(['.', '{', '[', ',']) && !before.contains("CANARY")
    })
}

/// The configuration. A wrong one is told by its line, and no value of it is: it may be a secret.
pub(super) struct Configurations(tempfile::TempDir);

impl Configurations {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
}

impl Target for Configurations {
    fn read(&mut self, bytes: &[u8]) -> String {
        let folder = self.0.path();
        let file = folder.join("config.toml");
        std::fs::write(&file, bytes).unwrap();
        let options = Options {
            config: Some(file),
            ..Options::default()
        };
        let environment = |name: &str| (name == "HOME").then(|| OsString::from(folder));
        match Settings::decide(&options, None, &environment, None) {
            Ok(settings) => {
                let (keys, accounts) = (some(settings.keys.len()), some(settings.accounts.len()));
                format!("{keys} {accounts} {:?} {:?}", settings.theme, settings.log_level)
            }
            Err(error) => {
                let sentence = error.to_string();
                assert!(sentence.len() <= bound(bytes), "{sentence}");
                assert!(!is_value(bytes) || !sentence.contains("CANARY"), "{sentence}");
                let (_, reason) = sentence.split_once("line ").unwrap_or_default();
                reason.chars().filter(|c| c.is_alphabetic()).take(40).collect()
            }
        }
    }
}
