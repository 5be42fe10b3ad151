//! Compares what the lint says that a line clears with the emulator's edge: functions that rewrite paths, cache keys
//! with and without query strings, headers and cookies, signed URLs, Smooth Streaming. 10,000 random cases on 200
//! random distributions, which the lint knows only from CloudFront's API.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use http::header::COOKIE;
use http::{HeaderValue, StatusCode};
use invalidash::domain::behavior::{CacheKey as KnownKey, CachePolicyId};
use invalidash::domain::item::Item;
use invalidash::domain::lint::{Code, Context, Line, lint};
use invalidash::emulator::{
    Behavior, CacheKey, CachePolicy, Distribution, Emulator, Function, Options, PolicyQuery, Reply, Request, Rewrite,
    Settings,
};
use invalidash::engine::effect::{Answer, Call};
use invalidash::runtime::cloudfront::CloudFront;

use crate::emulator::{creation, reply};
use crate::support::clock::Clock;
use crate::support::connector::InProcess;

const ID: &str = "E1SERVED";
const HOST: &str = "www.served.example";
const DISTRIBUTIONS: usize = 200;
const CASES: usize = 50;

/// A small generator of numbers: the same cases in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len())].clone()
    }

    fn distribution(&mut self) -> Distribution {
        let count = self.roll(4);
        let mut patterns = vec![
            "/api/*",
            "*.jpg",
            "/a?c/*",
            "/search",
            "/en/*",
            "/api/v?/*",
            "img/*.jpg",
        ];
        let mut behaviors = Vec::new();
        for _ in 0..count {
            let pattern = patterns.swap_remove(self.roll(patterns.len()));
            behaviors.push(self.behavior(pattern));
        }
        Distribution {
            id: ID.to_owned(),
            aliases: vec![HOST.to_owned()],
            default_behavior: self.behavior(""),
            behaviors,
            ..Distribution::default()
        }
    }

    fn behavior(&mut self, pattern: &str) -> Behavior {
        Behavior {
            path_pattern: pattern.to_owned(),
            cache_key: self.cache_key(pattern),
            smooth_streaming: self.roll(8) == 0,
            function: self.function(),
            signed: self.roll(8) == 0,
            ..Behavior::default()
        }
    }

    fn cache_key(&mut self, pattern: &str) -> CacheKey {
        let names = || vec!["q".to_owned(), "page".to_owned()];
        let query = match self.roll(4) {
            0 => PolicyQuery::None,
            1 => PolicyQuery::All,
            2 => PolicyQuery::Only(names()),
            _ => PolicyQuery::Except(vec!["utm".to_owned()]),
        };
        let policy = CachePolicy {
            id: format!("policy-of-{pattern}"),
            query,
            headers: if self.roll(3) == 0 {
                vec!["Accept-Language".to_owned()]
            } else {
                Vec::new()
            },
            cookies: self.roll(4) == 0,
        };
        match self.roll(6) {
            0 => CacheKey::Path,
            1 => CacheKey::QueryStrings,
            2 => CacheKey::QueryParameters(names()),
            _ => CacheKey::Policy(policy),
        }
    }

    fn function(&mut self) -> Option<Function> {
        let does = match self.roll(7) {
            0 => Rewrite::AppendIndex,
            1 => Rewrite::Prefix("/en".to_owned()),
            2 => Rewrite::Route("/app.html".to_owned()),
            _ => return None,
        };
        Some(Function {
            name: "rewrite".to_owned(),
            lambda: self.roll(2) == 0,
            does,
        })
    }

    /// A path as viewers ask for it, with a query string or without.
    fn address(&mut self) -> String {
        let segments = ["api", "v1", "abc", "adc", "en", "search", "img", "x", "app.html"];
        let depth = 1 + self.roll(3);
        let parts: Vec<&str> = (0..depth).map(|_| self.pick(&segments)).collect();
        let path = format!("/{}", parts.join("/"));
        let end = self.pick(&["", "", "/", ".html", ".jpg"]);
        let query = self.pick(&["", "", "?q=1", "?utm=2", "?q=1&utm=2", "?page=3&q=1", "?x", "?utm"]);
        format!("{path}{end}{query}")
    }

    /// A line that may be meant for an address, or for another one.
    fn line(&mut self, address: &str) -> String {
        let path = address.split('?').next().unwrap();
        let cut = 1 + self.roll(path.len());
        match self.roll(10) {
            0..=2 => address.to_owned(),
            3 => path.to_owned(),
            4 => format!("{path}?*"),
            5 => format!("{path}?{}*", self.pick(&["q=", "q", "ut", "utm=2&", "q=1&", "page=3"])),
            6 | 7 => format!("{}*", &path[..cut]),
            8 => "/*".to_owned(),
            _ => self.address(),
        }
    }
}

/// Who asks: two viewers whom headers and cookies tell apart.
const VIEWERS: [&str; 2] = ["de", "en"];

/// An edge with one distribution, and its own time.
struct Stage {
    emulator: Arc<Emulator>,
    now: DateTime<Utc>,
    made: usize,
}

impl Stage {
    fn new(distribution: Distribution, now: DateTime<Utc>) -> Self {
        let settings = Settings {
            completion_delay_ms: 0,
            effect_delay_ms: 0,
            ..Settings::default()
        };
        let emulator = Arc::new(Emulator::new(Options {
            distributions: Some(0),
            settings,
            ..Options::default()
        }));
        emulator.put(distribution, now);
        Self { emulator, now, made: 0 }
    }

    /// What a viewer gets, with a signature or without.
    fn view(&self, address: &str, viewer: &str, signed: bool) -> Reply {
        let mut request = Request::get(address).with_host(HOST);
        let cookie = if signed { "CloudFront-Key-Pair-Id=K1; " } else { "" };
        request
            .headers
            .insert("accept-language", HeaderValue::from_str(viewer).unwrap());
        let cookie = HeaderValue::from_str(&format!("{cookie}session={viewer}")).unwrap();
        request.headers.insert(COOKIE, cookie);
        reply(self.emulator.handle(&request, self.now))
    }

    fn hits(&self, address: &str, viewer: &str) -> bool {
        let reply = self.view(address, viewer, true);
        reply.headers["x-cache"].to_str().unwrap().starts_with("Hit")
    }

    /// Lets both viewers fetch an address, sends these items, and tells which of their copies are gone.
    fn cleared(&mut self, address: &str, items: &[&str]) -> [bool; 2] {
        // All earlier copies are too old by now.
        self.now += TimeDelta::days(400);
        let [_, is_shared] = VIEWERS.map(|viewer| self.hits(address, viewer));
        assert!(
            VIEWERS.iter().all(|viewer| self.hits(address, viewer)),
            "{address} is kept"
        );
        self.made += 1;
        let request = creation(ID, &format!("r-{}", self.made), items);
        assert_eq!(
            reply(self.emulator.handle(&request, self.now)).status,
            StatusCode::CREATED
        );
        let [one, other] = VIEWERS.map(|viewer| !self.hits(address, viewer));
        // If both share a copy, the first request fetches it again.
        [one, if is_shared { one } else { other }]
    }
}

/// What CloudFront's API tells of the distribution, as the composer would know it.
async fn known(cloudfront: &CloudFront) -> Context {
    let Ok(Answer::Distributions(page)) = cloudfront.call(Call::ListDistributions { marker: None }).await else {
        unreachable!("they can be listed")
    };
    let one = page.items.first().unwrap();
    let mut keys: BTreeMap<CachePolicyId, KnownKey> = BTreeMap::new();
    for policy in one
        .behaviors
        .iter()
        .filter_map(|behavior| behavior.cache_policy.clone())
    {
        if let Ok(Answer::CacheKey(key)) = cloudfront.call(Call::GetCachePolicy(policy.clone())).await {
            keys.insert(policy, key);
        }
    }
    Context::of(one, None).with_keys(|policy| keys.get(policy))
}

fn says(line: &Line<'_>, code: Code) -> bool {
    line.codes.iter().any(|one| one == code)
}

/// Under which text CloudFront keeps an address, as far as the lint knows: without the part of the query string that it ignores.
fn key(address: &str, context: &Context) -> String {
    let line = lint(address, context);
    let ignored = line
        .diagnostics(context)
        .into_iter()
        .find(|said| said.code == Code::QueryIgnored);
    ignored.map_or_else(|| address.to_owned(), |said| said.fix.unwrap().replacement)
}

/// How often each warning was put to the test.
#[derive(Debug, Default)]
struct Tally {
    cleared: usize,
    kept: usize,
    ignored: usize,
    rewritten: usize,
    variants: usize,
    smooth: usize,
    blind: usize,
    twice: usize,
}

fn holds(stage: &mut Stage, distribution: &Distribution, context: &Context, dice: &mut Dice, tally: &mut Tally) {
    let address = dice.address();
    let raw = dice.line(&address);
    let line = lint(&raw, context);
    assert!(line.is_ok(), "{raw}");
    let path = address.split('?').next().unwrap();
    let serving = serving(distribution, path);
    let [one, other] = stage.cleared(&address, &[&line.wire]);
    let case = format!(
        "{raw} for {address} on {distribution:#?}: {:?}",
        line.codes.iter().collect::<Vec<_>>()
    );
    assert_eq!(one, other, "one path clears all variants: {case}");
    let item = Item::from_wire(&line.wire).unwrap();
    let is_meant = item.matches(&key(&address, context));
    let rewritten = serving.function.as_ref().map(|function| rewritten(function, path));
    let is_rewritten = rewritten.as_ref().is_some_and(|to| to != path);
    // What it says is cleared is cleared, and nothing else is.
    let is_silent = !says(&line, Code::FunctionRewrite) && !says(&line, Code::SmoothStreaming);
    if is_silent {
        assert!(
            !is_rewritten || !is_meant || raw == "/*",
            "it is silent on a function: {case}"
        );
        let is_moved = is_rewritten && !is_meant;
        assert!(one == is_meant || is_moved, "{case}");
        tally.cleared += usize::from(one);
        tally.kept += usize::from(!one);
    }
    // What it warns about is not cleared.
    if says(&line, Code::QueryIgnored) {
        assert!(!one, "{case}");
        tally.ignored += 1;
    }
    if says(&line, Code::SmoothStreaming) && serving.smooth_streaming {
        assert!(!one, "{case}");
        tally.smooth += 1;
    }
    if says(&line, Code::QueryVariants) && address.contains('?') && key(&address, context) != path {
        assert!(!one || is_rewritten, "{case}");
        tally.variants += 1;
    }
    let to = rewritten.unwrap_or_default();
    if says(&line, Code::FunctionRewrite) && is_meant && is_rewritten && !serving.smooth_streaming {
        let still = format!("{to}{}", &address[path.len()..]);
        assert!(!one || item.matches(&key_of(&still, &address, context)), "{case}");
        let both = [&*line.wire, &format!("{to}*")];
        assert!(stage.cleared(&address, &both)[0], "both together clear it: {case}");
        tally.rewritten += 1;
        tally.twice += usize::from(!one);
    }
    let refused = stage.view(&address, "de", false).status == StatusCode::FORBIDDEN;
    assert_eq!(says(&lint(path, context), Code::EdgeBlind), refused, "{case}");
    tally.blind += usize::from(refused);
}

/// The text of a rewritten address: what counts of its query string is decided where the viewer asked.
fn key_of(rewritten: &str, address: &str, context: &Context) -> String {
    let (path, key) = (rewritten.split('?').next().unwrap(), key(address, context));
    let query = key.split_once('?').map(|(_, query)| format!("?{query}"));
    format!("{path}{}", query.unwrap_or_default())
}

fn serving<'a>(distribution: &'a Distribution, path: &str) -> &'a Behavior {
    let matches = |behavior: &&Behavior| {
        glob(
            behavior.path_pattern.trim_start_matches('/'),
            path.trim_start_matches('/'),
        )
    };
    let behaviors = &distribution.behaviors;
    behaviors.iter().find(matches).unwrap_or(&distribution.default_behavior)
}

/// Path patterns once more, as slowly as they are defined.
fn glob(pattern: &str, text: &str) -> bool {
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('*') => (0..=text.len()).any(|at| glob(&pattern[1..], &text[at..])),
        Some(c) => text
            .chars()
            .next()
            .is_some_and(|t| (c == '?' || c == t) && glob(&pattern[1..], &text[1..])),
    }
}

fn rewritten(function: &Function, path: &str) -> String {
    let is_file = path.rsplit('/').next().unwrap().contains('.');
    match &function.does {
        Rewrite::AppendIndex if path.ends_with('/') => format!("{path}index.html"),
        Rewrite::AppendIndex if !is_file => format!("{path}/index.html"),
        Rewrite::Prefix(folder) if !path.starts_with(&format!("{folder}/")) => format!("{folder}{path}"),
        Rewrite::Route(page) if !is_file => page.clone(),
        _ => path.to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_lint_says_is_cleared_is_cleared_and_what_it_warns_of_is_not() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut tally = Tally::default();
    for _ in 0..DISTRIBUTIONS {
        let distribution = dice.distribution();
        let clock = Clock::new();
        let mut stage = Stage::new(distribution.clone(), clock.now());
        let cloudfront = InProcess::new(Arc::clone(&stage.emulator), clock).cloudfront();
        let context = known(&cloudfront).await;
        for _ in 0..CASES {
            holds(&mut stage, &distribution, &context, &mut dice, &mut tally);
        }
    }
    let Tally {
        cleared,
        kept,
        ignored,
        rewritten,
        variants,
        smooth,
        blind,
        twice,
    } = tally;
    let counts = [cleared, kept, ignored, rewritten, variants, smooth, blind, twice];
    assert!(
        counts.iter().all(|count| *count > 100),
        "the dice are loaded: {tally:?}"
    );
}
