//! Searches for an event page by page: chooses the next request and interprets its response. The caller controls the
//! pace.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Event, Wanted};
use crate::domain::distribution::Target;
use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::domain::text::count;

/// The minimum interval between two requests. CloudTrail accepts two per second for each account and region.
pub const PACE: TimeDelta = TimeDelta::milliseconds(500);

/// The maximum number of pages in a search, each with 50 events.
const PAGES: usize = 50;

/// The number of consecutive failures after which the search ends.
const FAILURES: u32 = 5;

/// A request for a page of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The event name to search for.
    pub name: &'static str,
    /// The start of the time range.
    pub from: DateTime<Utc>,
    /// The end of the time range.
    pub to: DateTime<Utc>,
    /// The token of the page; `None` means the first one.
    pub token: Option<String>,
}

/// A page of events, in no particular order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Events {
    /// The events that could be parsed.
    pub events: Vec<Event>,
    /// The number of events that could not be parsed.
    pub unreadable: usize,
    /// The token of the next page.
    pub next: Option<String>,
}

/// The outcome of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The event was found.
    Found(Box<Event>),
    /// No such event was found in the pages that were read.
    Nothing {
        /// The number of events that could not be parsed.
        unreadable: usize,
        /// Whether every page was read.
        all: bool,
    },
    /// CloudTrail no longer keeps events from that time; nothing was requested.
    TooOld,
    /// CloudTrail refused the request, or could not be reached.
    Failed(Failure),
}

/// The next step after a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Send the next request after this delay, but no sooner than the pace allows.
    Ask(TimeDelta),
    /// The search has ended.
    Ended(Outcome),
}

/// A search that can be interrupted and resumed between two pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    wanted: Wanted,
    token: Option<String>,
    /// The page tokens received so far. Following a repeated token would loop forever.
    tokens: BTreeSet<String>,
    pages: usize,
    unreadable: usize,
    failures: u32,
    /// Whether the search was restarted because its token was refused.
    restarted: bool,
}

impl Search {
    /// Creates a search that has not made any requests yet.
    #[must_use]
    pub fn new(wanted: Wanted) -> Self {
        Self {
            wanted,
            token: None,
            tokens: BTreeSet::new(),
            pages: 0,
            unreadable: 0,
            failures: 0,
            restarted: false,
        }
    }

    /// Returns the number of pages read so far.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// Returns whether the last request failed and is being retried.
    #[must_use]
    pub fn is_repeated(&self) -> bool {
        self.failures > 0
    }

    /// Returns whether CloudTrail no longer keeps events from the time of the request.
    #[must_use]
    pub fn is_too_old(&self, now: DateTime<Utc>) -> bool {
        self.wanted.is_too_old(now)
    }

    /// Returns the next request.
    #[must_use]
    pub fn query(&self) -> Query {
        let (from, to) = self.wanted.window();
        Query {
            name: match self.wanted.target {
                Target::Distribution(_) => "CreateInvalidation",
                Target::Tenant(_) => "CreateInvalidationForDistributionTenant",
            },
            from,
            to,
            token: self.token.clone(),
        }
    }

    /// Processes the response to [`Search::query`] and returns the next step.
    pub fn answered(&mut self, result: Result<Events, Failure>) -> Next {
        match result {
            Ok(page) => self.read(page),
            Err(failure) => self.failed(failure),
        }
    }

    fn read(&mut self, page: Events) -> Next {
        self.failures = 0;
        self.pages += 1;
        self.unreadable += page.unreadable;
        if let Some(event) = self.wanted.find(page.events) {
            return Next::Ended(Outcome::Found(Box::new(event)));
        }
        match page.next {
            None => self.nothing(true),
            Some(_) if self.pages >= PAGES => self.nothing(false),
            Some(token) if !self.tokens.insert(token.clone()) => self.nothing(false),
            Some(token) => {
                self.token = Some(token);
                Next::Ask(TimeDelta::zero())
            }
        }
    }

    fn nothing(&self, all: bool) -> Next {
        Next::Ended(Outcome::Nothing {
            unreadable: self.unreadable,
            all,
        })
    }

    /// Decides how to continue after a failure. If a token is refused, the search restarts once at the first page.
    /// Temporary failures are retried with increasing delays.
    fn failed(&mut self, failure: Failure) -> Next {
        self.failures += 1;
        if is_of_token(&failure) && !self.restarted {
            *self = Self {
                restarted: true,
                ..Self::new(self.wanted.clone())
            };
            return Next::Ask(TimeDelta::zero());
        }
        if self.failures < FAILURES && may_pass(&failure) {
            return Next::Ask(TimeDelta::seconds(1 << (self.failures - 1)));
        }
        Next::Ended(Outcome::Failed(failure))
    }
}

fn is_of_token(failure: &Failure) -> bool {
    failure
        .refusal()
        .is_some_and(|refusal| refusal.code == "InvalidNextTokenException")
}

fn may_pass(failure: &Failure) -> bool {
    match failure {
        Failure::Refused(refusal) => Refusal::kind(refusal) == RefusalKind::Throttled,
        Failure::Unreachable(_) | Failure::Unknown(_) => true,
        Failure::Credentials(_) | Failure::CodeNeeded(_) | Failure::Setup(_) => false,
    }
}

impl Outcome {
    /// Returns a sentence that explains why it is unknown who created the invalidation; `None` if it is known.
    #[must_use]
    pub fn why_unknown(&self, wanted: &Wanted, now: DateTime<Utc>) -> Option<String> {
        Some(match self {
            Self::Found(_) => return None,
            Self::Nothing { .. } if wanted.is_young(now) => {
                "CloudTrail has not delivered the event yet, which takes up to 15 minutes. Try again later".to_owned()
            }
            Self::Nothing {
                unreadable: 0,
                all: true,
            } => "CloudTrail has no event for this request".to_owned(),
            Self::Nothing { unreadable, all: true } => format!(
                "no readable CloudTrail event matches this request; {} could not be read",
                count(*unreadable, "event")
            ),
            Self::Nothing { all: false, .. } => {
                "the event is not among CloudTrail's first 2,500 events for that time".to_owned()
            }
            Self::TooOld => "CloudTrail keeps events for 90 days, but the request is older".to_owned(),
            Self::Failed(failure) if failure.is_denied() => {
                format!(
                    "you are not allowed to look up events in CloudTrail; the identity needs {}",
                    super::RIGHT
                )
            }
            Self::Failed(failure) => failure.to_string(),
        })
    }
}
