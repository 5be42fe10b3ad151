//! Queries with other profiles' credentials, without affecting the current connection.

use std::sync::{Arc, Mutex};

use super::{By, Connector, Effects, Wanted};
use crate::domain::failure::Failure;
use crate::domain::submission::Scope;
use crate::engine::effect::{Answer, ProfileQuestion, Reply, RequestId};
use crate::runtime::cloudfront::CloudFront;
use crate::runtime::held::lock;

/// A profile's name and its connection, kept because the pages of a list are requested one after another.
pub(super) type Other = Arc<Mutex<Option<(String, Arc<CloudFront>)>>>;

impl Effects {
    /// Queries CloudFront with another profile's credentials.
    pub fn ask_profile(&mut self, request: RequestId, profile: String, question: ProfileQuestion) {
        let (connect, other) = (Arc::clone(&self.accounts.connect), Arc::clone(&self.other));
        self.asking.begin(request, &self.replies, async move {
            let result = ask(&connect, &other, profile, question).await;
            Reply::ProfileAnswered { request, result }
        });
    }

    /// Cancels a query and everything started for it.
    pub fn cancel_ask_profile(&mut self, request: RequestId) {
        let result = Err(Failure::Unreachable("cancelled".to_owned()));
        let instead = Reply::ProfileAnswered { request, result };
        self.asking.cancel(request, &self.replies, instead);
    }
}

async fn ask(
    connect: &Connector,
    other: &Other,
    profile: String,
    question: ProfileQuestion,
) -> Result<(Scope, Answer), Failure> {
    let cloudfront = connection(connect, other, profile).await?;
    let answer = cloudfront.call(question.into()).await?;
    Ok((cloudfront.connection().scope(), answer))
}

/// Returns a profile's connection. Only the newest one is kept, so that unneeded credentials are dropped.
async fn connection(connect: &Connector, other: &Other, profile: String) -> Result<Arc<CloudFront>, Failure> {
    let held = || lock(other);
    let known = held().take().filter(|(name, _)| *name == profile);
    let cloudfront = if let Some((_, cloudfront)) = known {
        cloudfront
    } else {
        let wanted = Wanted {
            profile: Some(profile.clone()),
            by: By::Nobody,
        };
        Arc::new(connect(wanted).await?.cloudfront)
    };
    *held() = Some((profile, Arc::clone(&cloudfront)));
    Ok(cloudfront)
}
