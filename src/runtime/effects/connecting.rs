//! Creates connections from profiles, with the user's help if needed, and cancels pending ones.

use std::future::Future;
use std::sync::{Arc, Mutex};

use super::{Boxed, Effects};
use crate::app::message::Message;
use crate::domain::failure::Failure;
use crate::domain::login::{BrowserLogin, LoginWay};
use crate::domain::mfa::MfaCode;
use crate::domain::profile::Profile;
use crate::domain::submission::Scope;
use crate::engine::effect::{Reply, RequestId};
use crate::runtime::cloudfront::CloudFront;
use crate::runtime::credentials::Connection;
use crate::runtime::edge::Edge;
use crate::runtime::event_loop::LoggingIn;
use crate::runtime::held::lock;

/// A function that turns a profile into a connection.
pub type Connector = Arc<dyn Fn(Wanted) -> Boxed<Result<Connected, Failure>> + Send + Sync>;

/// A requested connection.
#[derive(Clone)]
pub struct Wanted {
    /// The profile; `None` means the one from the settings or the environment.
    pub profile: Option<String>,
    /// The user's part in creating the connection.
    pub by: By,
}

/// The user's part in creating a connection.
#[derive(Clone)]
pub enum By {
    /// The user does nothing.
    Nobody,
    /// The user entered a code from an MFA device.
    Code(MfaCode),
    /// The login program may first prompt in the terminal, which is handed over to it.
    Terminal,
    /// The user first logs in with a browser, and this function tells the user how.
    Browser(Telling),
}

/// A function that tells the user what to do in a browser.
pub type Telling = Arc<dyn Fn(BrowserLogin) + Send + Sync>;

/// A function that determines how to log in to a profile.
pub type Planner = Arc<dyn Fn(Option<String>) -> Boxed<Result<LoginWay, Failure>> + Send + Sync>;

/// A function that lists the profiles, with a sentence about mistakes in their files that cannot be attributed to a
/// single profile.
pub type Lister = Arc<dyn Fn() -> Boxed<Result<(Vec<Profile>, Option<String>), Failure>> + Send + Sync>;

/// A connection, and what the core needs to know about it.
#[derive(Debug)]
pub struct Connected {
    /// The client for all further calls.
    pub cloudfront: CloudFront,
    /// The edge that belongs to the connection.
    pub edge: Edge,
    /// The identity: account, endpoint and profile.
    pub scope: Scope,
}

impl Connected {
    /// Returns what a connection provides: its CloudFront client, its edge and its scope, as far as it is known without
    /// a request.
    #[must_use]
    pub fn over(connection: Connection) -> Self {
        Self {
            edge: Edge::of_connection(&connection),
            scope: connection.scope(),
            cloudfront: CloudFront::new(connection),
        }
    }
}

/// The functions that access accounts.
#[derive(Clone)]
pub struct Accounts {
    /// Turns a profile into a connection.
    pub connect: Connector,
    /// Determines how to log in to a profile.
    pub plan: Planner,
    /// Lists the profiles. They are read again whenever the user wants to select one.
    pub list: Lister,
    /// Returns the state of the credential files. This call blocks.
    pub stamp: Stamper,
}

impl Accounts {
    /// Creates access to a fixed set of accounts, whose profiles never change and need no login.
    #[must_use]
    pub fn fixed(connect: Connector, profiles: Vec<Profile>) -> Self {
        Self {
            connect,
            plan: Arc::new(|_| Box::pin(async { Ok(LoginWay::Terminal) })),
            list: Arc::new(move || Box::pin(std::future::ready(Ok((profiles.clone(), None))))),
            stamp: Arc::new(|| 0),
        }
    }
}

/// A function that returns a number that changes whenever one of the credential files is written.
pub type Stamper = Arc<dyn Fn() -> u64 + Send + Sync>;

impl Effects {
    /// Connects with a profile and determines the identity.
    pub fn connect(&mut self, request: RequestId, wanted: Wanted) {
        let connecting = self.connecting(request, wanted);
        self.connecting.begin(request, &self.replies, async move {
            let result = connecting.await;
            Reply::Connected { request, result }
        });
    }

    /// Logs in with a browser, then determines the identity.
    pub fn log_in_by_browser(&mut self, request: RequestId, profile: Option<String>) {
        let replies = self.replies.clone();
        let telling: Telling = Arc::new(move |login| {
            // If the receiver is gone, the program is exiting.
            let _ = replies.send(Message::BrowserLogin(request, login));
        });
        let by = By::Browser(telling);
        self.connect(request, Wanted { profile, by });
    }

    /// Cancels a connection request and everything started for it.
    pub fn cancel_connect(&mut self, request: RequestId) {
        let result = Err(Failure::Unreachable("cancelled".to_owned()));
        let instead = Reply::Connected { request, result };
        self.connecting.cancel(request, &self.replies, instead);
    }

    /// Cancels any loading of credentials that calls to CloudFront have started.
    pub fn cancel_loading(&self) {
        if let Some(cloudfront) = &lock(&self.cloudfront).cloudfront {
            cloudfront.connection().cancel_loading();
        }
    }

    /// Determines how to log in to a profile.
    pub fn plan_login(&self, request: RequestId, profile: Option<String>) {
        let planning = (self.accounts.plan)(profile);
        self.reply(async move {
            let result = planning.await;
            Reply::LoginPlanned { request, result }
        });
    }

    /// Logs in using the terminal, which must already be handed over, and determines the identity.
    #[must_use]
    pub fn log_in(&self, request: RequestId, profile: Option<String>) -> LoggingIn {
        let by = By::Terminal;
        Box::pin(self.connecting(request, Wanted { profile, by }))
    }

    fn connecting(
        &self,
        request: RequestId,
        wanted: Wanted,
    ) -> impl Future<Output = Result<Scope, Failure>> + Send + use<> {
        let (place, edge) = (Arc::clone(&self.cloudfront), Arc::clone(&self.edge));
        let connecting = (self.accounts.connect)(wanted);
        let (stamp, seen) = (Arc::clone(&self.accounts.stamp), Arc::clone(&self.stamped));
        lock(&place).newest = Some(request);
        async move {
            // Taken before anything is read, so that any later write counts as a change.
            let stamped = tokio::task::spawn_blocking(move || stamp()).await;
            *lock(&seen) = stamped.ok();
            let connected = connecting.await?;
            let mut place = lock(&place);
            if place.newest == Some(request) {
                place.cloudfront = Some(Arc::new(connected.cloudfront));
                *lock(&edge) = Some(connected.edge);
            }
            Ok(connected.scope)
        }
    }

    /// Checks whether the credential files have been written since they were loaded or the profiles were listed.
    pub fn look_for_login(&self, request: RequestId) {
        let stamp = Arc::clone(&self.accounts.stamp);
        let (loaded, listed) = (Arc::clone(&self.stamped), Arc::clone(&self.listed));
        self.reply(async move {
            let now = tokio::task::spawn_blocking(move || stamp()).await.ok();
            let is_old = |seen: &Mutex<Option<u64>>| now != *lock(seen);
            let (written, list_is_old) = (is_old(&loaded), is_old(&listed));
            Reply::LookedForLogin {
                request,
                written,
                list_is_old,
            }
        });
    }
}
