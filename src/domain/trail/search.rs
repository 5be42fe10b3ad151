//! The search for an event, page by page: what to ask next, and what an answer means. The caller keeps the pace.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Event, Wanted};
use crate::domain::distribution::Target;
use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::domain::text::count;

/// The interval between two requests: CloudTrail accepts two a second, per account and region.
pub const PACE: TimeDelta = TimeDelta::milliseconds(500);

/// The most pages of a search, of 50 events each.
const PAGES: usize = 50;

/// The number of failures in a row after which the search ends.
const FAILURES: u32 = 5;

/// A page to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The name of the events.
    pub name: &'static str,
    /// The time of the first event.
    pub from: DateTime<Utc>,
    /// The time of the last event.
    pub to: DateTime<Utc>,
    /// The token of the page; `None`: the first one.
    pub token: Option<String>,
}

/// A page of events, in no order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Events {
    /// The events that could be read.
    pub events: Vec<Event>,
    /// The number of those that could not.
    pub unreadable: usize,
    /// The token of the next page.
    pub next: Option<String>,
}

/// How a search ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// This event is the request.
    Found(Box<Event>),
    /// CloudTrail has no such event, as far as it was searched.
    Nothing {
        /// The number of events that could not be read.
        unreadable: usize,
        /// Whether every page was read.
        all: bool,
    },
    /// CloudTrail no longer has events of that time; it was not asked.
    TooOld,
    /// CloudTrail refused, or could not be reached.
    Failed(Failure),
}

/// What follows an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Ask again after this time, and no sooner than the pace allows.
    Ask(TimeDelta),
    /// The search ended.
    Ended(Outcome),
}

/// A search, which can be left and resumed between two pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    wanted: Wanted,
    token: Option<String>,
    /// The tokens of the pages that were read: a repeated one would never end.
    tokens: BTreeSet<String>,
    pages: usize,
    unreadable: usize,
    failures: u32,
    /// Whether the search began again because its token was refused.
    restarted: bool,
}

impl Search {
    /// Creates a search that has not asked yet.
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

    /// Returns the number of pages that were read.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// Returns whether the last request failed, and is repeated.
    #[must_use]
    pub fn is_repeated(&self) -> bool {
        self.failures > 0
    }

    /// Returns whether CloudTrail no longer has events of that time.
    #[must_use]
    pub fn is_too_old(&self, now: DateTime<Utc>) -> bool {
        self.wanted.is_too_old(now)
    }

    /// Returns the page to ask for.
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

    /// Handles the answer to [`Search::query`].
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

    /// A page whose token is refused can be reached from the first one again. What may pass is repeated, more slowly.
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
    /// Returns why it is not known who made the invalidation; `None` if it is.
    #[must_use]
    pub fn why_unknown(&self, wanted: &Wanted, now: DateTime<Utc>) -> Option<String> {
        Some(match self {
            Self::Found(_) => return None,
            Self::Nothing { .. } if wanted.is_young(now) => {
                "CloudTrail has not delivered the event yet: it takes up to 15 minutes. Look it up again later"
                    .to_owned()
            }
            Self::Nothing {
                unreadable: 0,
                all: true,
            } => "CloudTrail has no event for this request".to_owned(),
            Self::Nothing { unreadable, all: true } => format!(
                "CloudTrail has no event for this request among the readable ones; {} cannot be read",
                count(*unreadable, "event")
            ),
            Self::Nothing { all: false, .. } => {
                "the event is not among the first 2,500 that CloudTrail has for that time".to_owned()
            }
            Self::TooOld => "CloudTrail keeps events for 90 days, and the request is older".to_owned(),
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
