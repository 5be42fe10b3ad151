//! Brings a scene into a state by answering pending requests. A request is identified by its purpose, and an answer to
//! one that is not pending is ignored, so that the same steps lead to the pictures of many pages.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use invalidash::domain::distribution::{Distribution, Target, Tenant};
use invalidash::domain::edge::EdgeResponse;
use invalidash::domain::failure::Failure;
use invalidash::domain::invalidation::{Invalidation, InvalidationSummary, Page};
use invalidash::domain::ledger_failure::LedgerFailure;
use invalidash::domain::submission::Scope;
use invalidash::engine::effect::{Answer, LedgerContents, ListsAnswer, Reply, RequestId};
use invalidash::engine::pending::{
    CallRequest, ConnectionRequest, EdgeRequest, LedgerRequest, ListsRequest, ProfileRequest, Request, WhoRequest,
};
use invalidash::engine::session::Who;
use invalidash::engine::timers::TimerKind;

use super::journal::failing;
use super::samples;
use super::scene::{Scene, preferences};

impl Scene {
    /// Connects, with these distributions and an empty ledger.
    pub(crate) fn with(distributions: Vec<Distribution>) -> Self {
        Self::with_ledger(distributions, LedgerContents::default())
    }

    /// Connects, with these distributions and this ledger.
    pub(crate) fn with_ledger(distributions: Vec<Distribution>, contents: LedgerContents) -> Self {
        let mut scene = Self::start(preferences());
        scene.ledger(contents);
        scene.connect(Ok(samples::scope()));
        scene.distributions(distributions);
        scene
    }

    /// Reports that the profile being tried cannot be used.
    pub(crate) fn refuse_connection(&mut self, reason: &str) {
        let tried = self.model.engine.pending.of::<ConnectionRequest>().iter().next();
        if let Some(request) = tried.map(|(request, _)| *request) {
            let result = Err(Failure::Credentials(reason.to_owned()));
            self.connects(request, result);
        }
    }

    /// Removes the notice.
    pub(crate) fn quiet(&mut self) -> &mut Self {
        self.model.engine.notice = None;
        self
    }

    /// Returns the newest pending request of this kind.
    #[track_caller]
    pub(crate) fn awaits<R: Request + PartialEq>(&self, kind: &R) -> RequestId {
        self.model.engine.pending.newest(kind).unwrap()
    }

    /// Returns the oldest pending request that matches.
    fn awaited<R: Request>(&self, of: impl Fn(&R) -> bool) -> Option<RequestId> {
        let mut found: Vec<_> = self
            .model
            .engine
            .pending
            .of()
            .iter()
            .filter(|(_, kind)| of(kind))
            .collect();
        found.sort_by_key(|(id, _)| **id);
        found.first().map(|(id, _)| **id)
    }

    /// Answers a request made with another profile.
    pub(crate) fn ask_profile(&mut self, result: Result<Answer, Failure>) -> &mut Self {
        if let Some(request) = self.awaited(|ProfileRequest| true) {
            let result = result.map(|answer| (samples::scope(), answer));
            self.reply(Reply::ProfileAnswered { request, result });
        }
        self
    }

    /// Answers the request to connect.
    pub(crate) fn connect(&mut self, result: Result<Scope, Failure>) -> &mut Self {
        if let Some(request) = self.awaited(|kind: &ConnectionRequest| *kind == ConnectionRequest::Connect) {
            self.connects(request, result);
        }
        self
    }

    /// Reports the source of the credentials and whose they are.
    pub(crate) fn who(&mut self, who: Who) -> &mut Self {
        if let Some(request) = self.awaited(|kind: &WhoRequest| *kind == WhoRequest) {
            let who = Some(Box::new(who));
            self.reply(Reply::Who { request, who });
        }
        self
    }

    /// Answers a request to CloudFront.
    pub(crate) fn answer(&mut self, of: impl Fn(&CallRequest) -> bool, result: Result<Answer, Failure>) -> &mut Self {
        if let Some(request) = self.awaited(of) {
            self.respond(request, result);
        }
        // Pictures do not highlight recent changes.
        self.model.engine.changed.clear();
        self
    }

    /// Answers an operation on the saved lists.
    pub(crate) fn lists(&mut self, result: Result<ListsAnswer, String>) -> &mut Self {
        if let Some(request) = self.awaited(|kind: &ListsRequest| *kind == ListsRequest::Names) {
            self.reply(Reply::Lists { request, result });
        }
        self
    }

    /// Answers the pending edge check.
    pub(crate) fn visited(&mut self, result: Result<EdgeResponse, String>) -> &mut Self {
        if let Some(request) = self.awaited(|kind| matches!(kind, EdgeRequest(_))) {
            self.reply(Reply::Visited { request, result });
        }
        self
    }

    /// Answers a ledger request that reads, such as one for the history.
    pub(crate) fn told(
        &mut self,
        of: impl Fn(&LedgerRequest) -> bool,
        result: Result<LedgerContents, String>,
    ) -> &mut Self {
        if let Some(request) = self.awaited(of) {
            let result = result.map(|contents| Some(Box::new(contents))).map_err(failing);
            self.record(request, result);
        }
        self
    }

    /// Answers a ledger request that writes.
    pub(crate) fn stored(&mut self, of: impl Fn(&LedgerRequest) -> bool) -> &mut Self {
        if let Some(request) = self.awaited(of) {
            self.written(request);
        }
        self
    }

    /// Opens the ledger with these contents.
    pub(crate) fn ledger(&mut self, contents: LedgerContents) -> &mut Self {
        if let Some(request) = self.awaited(|kind: &LedgerRequest| *kind == LedgerRequest::Open) {
            self.record(request, Ok(Some(Box::new(contents))));
        }
        self
    }

    /// Reports that the ledger cannot be opened.
    pub(crate) fn ledger_fails(&mut self, failure: LedgerFailure) -> &mut Self {
        if let Some(request) = self.awaited(|kind: &LedgerRequest| *kind == LedgerRequest::Open) {
            let result = Err(failure);
            self.record(request, result);
        }
        self
    }

    /// Delivers the only page of the distributions.
    pub(crate) fn distributions(&mut self, items: Vec<Distribution>) -> &mut Self {
        self.answer(
            |kind| *kind == CallRequest::Distributions,
            Ok(Answer::Distributions(Page { items, next: None })),
        )
    }

    /// Delivers the only page of the tenants being loaded.
    pub(crate) fn tenants(&mut self, items: Vec<Tenant>) -> &mut Self {
        self.answer(
            |kind| matches!(kind, CallRequest::Tenants(_)),
            Ok(Answer::Tenants(Page { items, next: None })),
        )
    }

    /// Delivers the newest page of a target's invalidations.
    pub(crate) fn invalidations(&mut self, target: &Target, items: Vec<InvalidationSummary>) -> &mut Self {
        self.answer(
            |kind| matches!(kind, CallRequest::FirstPage(of, _) if of == target),
            Ok(Answer::Invalidations(Page { items, next: None })),
        )
    }

    /// Confirms these items for a target, as Enter in the review does. Nothing is answered yet.
    pub(crate) fn submit(&mut self, target: &Target, items: &[&str]) -> &mut Self {
        let review = samples::review(&[(target.clone(), self.model.engine.label(target))], items);
        self.model.overlays.push(review);
        self.keys("enter")
    }

    /// Confirms these items, and lets the ledger store plan and attempt, so that the request is sent.
    pub(crate) fn send_off(&mut self, target: &Target, items: &[&str]) -> &mut Self {
        self.submit(target, items)
            .stored(|kind| matches!(kind, LedgerRequest::Plan(..)))
            .stored(|kind| matches!(kind, LedgerRequest::Attempt(_)))
    }

    /// Answers the pending create with a failure.
    pub(crate) fn created(&mut self, failure: Failure) -> &mut Self {
        self.answer(|kind| matches!(kind, CallRequest::Create(_)), Err(failure))
    }

    /// Delivers the items of invalidations, which the core requests once the selection rests.
    pub(crate) fn items(&mut self, items: Vec<Invalidation>) -> &mut Self {
        self.fire(&TimerKind::Rest);
        for invalidation in items {
            let id = invalidation.id.clone();
            self.answer(
                |kind| matches!(kind, CallRequest::Items(_, of) if *of == id),
                Ok(Answer::Invalidation(invalidation)),
            );
        }
        self
    }
}
