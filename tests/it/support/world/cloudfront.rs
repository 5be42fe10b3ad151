//! CloudFront as the simulated world reaches it: the emulator, and a network that loses, delays and repeats.

use chrono::{DateTime, Utc};
use invalidash::domain::batch::{Batch, CallerReference};
use invalidash::domain::distribution::Target;
use invalidash::domain::failure::{Failure, Refusal};
use invalidash::domain::invalidation::{Invalidation, InvalidationId, InvalidationSummary, Page, Status};
use invalidash::emulator::{Outcome, Request};
use invalidash::engine::effect::{Answer, Call, Created, RequestId};

use super::{Fate, TARGETS, VALID, World};
use crate::support::samples;

impl World {
    /// Lets CloudFront carry out a call, and delivers the response.
    pub(crate) fn answer(&mut self, place: usize) {
        if let Some((request, call)) = self.take_call(place) {
            let result = self.work(&call);
            self.reply(request, result);
        }
    }

    /// Delivers the response twice. CloudFront may also receive an accepted request twice; a refusal repeated by a proxy
    /// cannot be distinguished from the first one.
    pub(crate) fn answer_twice(&mut self, place: usize) {
        if let Some((request, call)) = self.take_call(place) {
            let first = self.work(&call);
            let second = if first.is_ok() { self.work(&call) } else { first.clone() };
            self.reply(request, first);
            self.reply(request, second);
        }
    }

    /// Loses the response; the request arrives now, later or never.
    pub(crate) fn lose(&mut self, place: usize, fate: Fate) {
        if let Some((request, call)) = self.take_call(place) {
            let failure = match fate {
                Fate::Never => Failure::Unreachable("the network is down".to_owned()),
                Fate::Now | Fate::Later => Failure::Unknown("no response within 30 seconds".to_owned()),
            };
            match fate {
                Fate::Now => drop(self.work(&call)),
                Fate::Later => self.limbo.push((call, self.clock())),
                Fate::Never => {}
            }
            self.reply(request, Err(failure));
        }
    }

    /// Lets a delayed request arrive. CloudFront accepts none whose signature is older than five minutes.
    pub(crate) fn arrive(&mut self) {
        if let Some((call, signed)) = self.limbo.pop()
            && self.clock() - signed <= VALID
        {
            drop(self.work(&call));
        }
    }

    fn take_call(&mut self, place: usize) -> Option<(RequestId, Call)> {
        (!self.calls.is_empty()).then(|| self.calls.remove(place % self.calls.len()))
    }

    fn reply(&mut self, request: RequestId, result: Result<Answer, Failure>) {
        self.scene.respond(request, result);
        self.take_effects();
    }

    pub(super) fn work(&mut self, call: &Call) -> Result<Answer, Failure> {
        match call {
            Call::ListDistributions { .. } => Ok(Answer::Distributions(Page {
                items: TARGETS.map(|id| samples::bare(id, self.connected_as)).to_vec(),
                next: None,
            })),
            Call::GetDistribution(_)
            | Call::GetCachePolicy(_)
            | Call::GetDeploymentPolicy(_)
            | Call::GetConnectionGroup(_)
            | Call::ListTenants { .. }
            | Call::GetTenant(_)
            | Call::FindTenant(_)
            | Call::LookUpEvents(_) => Err(Failure::Refused(Refusal {
                code: "AccessDenied".to_owned(),
                message: "no".to_owned(),
                http_status: 403,
                request_id: None,
            })),
            Call::ListInvalidations { target, marker } => {
                let marker = marker.as_ref().map(|m| format!("?Marker={m}")).unwrap_or_default();
                let body = self.ask(&Request::get(&format!("{}{marker}", place(target))))?;
                Ok(Answer::Invalidations(page(&body)))
            }
            Call::GetInvalidation { target, id } => {
                let body = self.ask(&Request::get(&format!("{}/{id}", place(target))))?;
                Ok(Answer::Invalidation(invalidation(&body)))
            }
            Call::CreateInvalidation {
                target,
                batch,
                reference,
            } => {
                if let Some(refusal) = self.unacceptable.get(reference) {
                    return Err(Failure::Refused(refusal.clone()));
                }
                let body = self.ask(&Request::post(&place(target), document(batch, reference)));
                if let Err(Failure::Refused(refusal)) = &body
                    && refusal.is_about_the_bytes()
                {
                    self.unacceptable.insert(reference.clone(), refusal.clone());
                }
                Ok(Answer::Created(Created {
                    invalidation: invalidation(&body?),
                    request_id: None,
                }))
            }
        }
    }

    /// Reads the outcome as an HTTP client does.
    fn ask(&self, request: &Request) -> Result<String, Failure> {
        let Outcome::Reply(reply) = self.emulator.handle(request, self.clock()) else {
            return Err(Failure::Unknown("the connection broke".to_owned()));
        };
        let body = String::from_utf8_lossy(&reply.body).into_owned();
        let status = reply.status.as_u16();
        let is_whole = (body.rsplit_once("</"))
            .is_some_and(|(_, end)| body.contains(&format!("<{} xmlns", end.trim_end_matches('>'))));
        match (status, between(&body, "Code")) {
            // A truncated response to a create is passed to the core, which detects it.
            (201, _) if !body.is_empty() => Ok(body),
            _ if !is_whole => Err(Failure::Unknown("the response was truncated".to_owned())),
            (200..300, _) => Ok(body),
            (400..500, Some(code)) => Err(Failure::Refused(Refusal {
                code: code.to_owned(),
                message: between(&body, "Message").unwrap_or_default().to_owned(),
                http_status: status,
                request_id: None,
            })),
            _ => Err(Failure::Unknown(format!("the answer was {status}"))),
        }
    }
}

fn place(target: &Target) -> String {
    let kind = match target {
        Target::Distribution(_) => "distribution",
        Target::Tenant(_) => "distribution-tenant",
    };
    format!("/2020-05-31/{kind}/{}/invalidation", target.id())
}

fn document(batch: &Batch, reference: &CallerReference) -> String {
    let paths = batch.items().join("</Path><Path>");
    format!(
        "<InvalidationBatch><Paths><Quantity>{}</Quantity><Items><Path>{paths}</Path></Items></Paths><CallerReference>{reference}</CallerReference></InvalidationBatch>",
        batch.items().len()
    )
}

fn invalidation(body: &str) -> Invalidation {
    Invalidation {
        id: InvalidationId::new(between(body, "Id").unwrap_or_default()),
        status: Status::new(between(body, "Status").unwrap_or_default()),
        create_time: time(body),
        items: all(body, "Path").map(str::to_owned).collect(),
        caller_reference: begun(body, "CallerReference").to_owned(),
    }
}

fn page(body: &str) -> Page<InvalidationSummary> {
    let row = |row: &str| InvalidationSummary {
        id: InvalidationId::new(between(row, "Id").unwrap_or_default()),
        status: Status::new(between(row, "Status").unwrap_or_default()),
        create_time: time(row),
    };
    Page {
        items: all(body, "InvalidationSummary").map(row).collect(),
        next: between(body, "NextMarker")
            .filter(|next| !next.is_empty())
            .map(str::to_owned),
    }
}

fn time(body: &str) -> DateTime<Utc> {
    let text = between(body, "CreateTime").unwrap_or_default();
    text.parse().unwrap_or(DateTime::UNIX_EPOCH)
}

fn between<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    all(body, name).next()
}

/// Returns the content of an element whose end may be missing.
fn begun<'a>(body: &'a str, name: &str) -> &'a str {
    let content = body.split_once(&format!("<{name}>")).map_or("", |(_, content)| content);
    content.split('<').next().unwrap_or_default()
}

/// Returns the contents of all elements with this name. The texts of this world need no escaping.
fn all<'a>(body: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut rest = body;
    std::iter::from_fn(move || {
        let (_, from) = rest.split_once(&open)?;
        let (content, after) = from.split_once(&close)?;
        rest = after;
        Some(content)
    })
}
