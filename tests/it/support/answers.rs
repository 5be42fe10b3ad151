//! Brings a scene into a state by answering what it waits for. A request is named by what it is for, and one that
//! nobody waits for is passed over: so the same steps lead to pictures of many pages.

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
    /// Connected and with these distributions, an empty ledger.
    pub(crate) fn with(distributions: Vec<Distribution>) -> Self {
        Self::with_ledger(distributions, LedgerContents::default())
    }

    /// Connected and with these distributions and this ledger.
    pub(crate) fn with_ledger(distributions: Vec<Distribution>, contents: LedgerContents) -> Self {
        let mut scene = Self::start(preferences());
        scene.ledger(contents);
        scene.connect(Ok(samples::scope()));
        scene.distributions(distributions);
        scene
    }

    /// The profile that is being tried cannot be used.
    pub(crate) fn refuse_connection(&mut self, reason: &str) {
        let tried = self.model.engine.pending.of::<ConnectionRequest>().iter().next();
        if let Some(request) = tried.map(|(request, _)| *request) {
            let result = Err(Failure::Credentials(reason.to_owned()));
            self.connects(request, result);
        }
    }

    /// Takes the notice away.
    pub(crate) fn quiet(&mut self) -> &mut Self {
        self.model.engine.notice = None;
        self
    }

    /// The newest request of this kind, which is waited for.
    #[track_caller]
    pub(crate) fn awaits<R: Request + PartialEq>(&self, kind: &R) -> RequestId {
        self.model.engine.pending.newest(kind).unwrap()
    }

    /// The oldest pending request of this kind.
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

    /// Answers what another profile is asked.
    pub(crate) fn ask_profile(&mut self, result: Result<Answer, Failure>) -> &mut Self {
        if let Some(request) = self.awaited(|ProfileRequest| true) {
            let result = result.map(|answer| (samples::scope(), answer));
            self.reply(Reply::ProfileAnswered { request, result });
        }
        self
    }

    /// Answers the credentials' request.
    pub(crate) fn connect(&mut self, result: Result<Scope, Failure>) -> &mut Self {
        if let Some(request) = self.awaited(|kind: &ConnectionRequest| *kind == ConnectionRequest::Connect) {
            self.connects(request, result);
        }
        self
    }

    /// Tells where the keys come from, and whose they are.
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
        // Pictures are taken when a change is no longer one.
        self.model.engine.changed.clear();
        self
    }

    /// Answers a reading of the saved lists, or what else is done with them.
    pub(crate) fn lists(&mut self, result: Result<ListsAnswer, String>) -> &mut Self {
        if let Some(request) = self.awaited(|kind: &ListsRequest| *kind == ListsRequest::Names) {
            self.reply(Reply::Lists { request, result });
        }
        self
    }

    /// Answers the visit to the edge that is waited for.
    pub(crate) fn visited(&mut self, result: Result<EdgeResponse, String>) -> &mut Self {
        if let Some(request) = self.awaited(|kind| matches!(kind, EdgeRequest(_))) {
            self.reply(Reply::Visited { request, result });
        }
        self
    }

    /// Answers a reading of the history, or what else asked the ledger to tell something.
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

    /// Answers a request to the ledger.
    pub(crate) fn stored(&mut self, of: impl Fn(&LedgerRequest) -> bool) -> &mut Self {
        if let Some(request) = self.awaited(of) {
            self.written(request);
        }
        self
    }

    /// The ledger opens.
    pub(crate) fn ledger(&mut self, contents: LedgerContents) -> &mut Self {
        if let Some(request) = self.awaited(|kind: &LedgerRequest| *kind == LedgerRequest::Open) {
            self.record(request, Ok(Some(Box::new(contents))));
        }
        self
    }

    /// The ledger cannot be opened.
    pub(crate) fn ledger_fails(&mut self, failure: LedgerFailure) -> &mut Self {
        if let Some(request) = self.awaited(|kind: &LedgerRequest| *kind == LedgerRequest::Open) {
            let result = Err(failure);
            self.record(request, result);
        }
        self
    }

    /// The only page of the distributions.
    pub(crate) fn distributions(&mut self, items: Vec<Distribution>) -> &mut Self {
        self.answer(
            |kind| *kind == CallRequest::Distributions,
            Ok(Answer::Distributions(Page { items, next: None })),
        )
    }

    /// The only page of the tenants that are being read.
    pub(crate) fn tenants(&mut self, items: Vec<Tenant>) -> &mut Self {
        self.answer(
            |kind| matches!(kind, CallRequest::Tenants(_)),
            Ok(Answer::Tenants(Page { items, next: None })),
        )
    }

    /// The newest page of a target's invalidations.
    pub(crate) fn invalidations(&mut self, target: &Target, items: Vec<InvalidationSummary>) -> &mut Self {
        self.answer(
            |kind| matches!(kind, CallRequest::FirstPage(of, _) if of == target),
            Ok(Answer::Invalidations(Page { items, next: None })),
        )
    }

    /// Confirms these items for a target: what Enter on the review does. Nothing is answered yet.
    pub(crate) fn submit(&mut self, target: &Target, items: &[&str]) -> &mut Self {
        let review = samples::review(&[(target.clone(), self.model.engine.label(target))], items);
        self.model.overlays.push(review);
        self.keys("enter")
    }

    /// Confirms them, and the ledger holds plan and attempt: the request leaves.
    pub(crate) fn send_off(&mut self, target: &Target, items: &[&str]) -> &mut Self {
        self.submit(target, items)
            .stored(|kind| matches!(kind, LedgerRequest::Plan(..)))
            .stored(|kind| matches!(kind, LedgerRequest::Attempt(_)))
    }

    /// Answers the create that is under way.
    pub(crate) fn created(&mut self, failure: Failure) -> &mut Self {
        self.answer(|kind| matches!(kind, CallRequest::Create(_)), Err(failure))
    }

    /// What the rows hold that the core asks for once the selection rests.
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
