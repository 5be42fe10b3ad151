//! Snapshots of logging in: the code from an MFA device, the browser, and the steps that are waited for.

use invalidash::app::message::Message;
use invalidash::domain::failure::{CodeNeeded, Failure};
use invalidash::domain::login::{BrowserLogin, LoginWay};
use invalidash::engine::effect::{LedgerContents, Reply};
use invalidash::engine::pending::{ConnectionRequest, LoginPlanRequest};
use invalidash::engine::timers::TimerKind;

use super::scenes::{Named, distributions_login};
use crate::support::scene::{Scene, preferences};

/// All of them.
pub(super) fn all() -> Vec<Named> {
    vec![
        ("mfa-code", mfa_code),
        ("mfa-code-refused", mfa_code_refused),
        ("mfa-code-hostile", mfa_code_hostile),
        ("browser-login", browser_login),
        ("browser-login-ended", browser_login_ended),
        ("browser-login-hostile", browser_login_hostile),
        ("connecting-slowly", connecting_slowly),
    ]
}

fn needed(device: &str, refused: bool) -> Result<invalidash::domain::submission::Scope, Failure> {
    Err(Failure::CodeNeeded(CodeNeeded {
        device: device.to_owned(),
        refused,
        sentence: format!(
            "the role of profile prod needs a code from MFA device {device}. Run `aws sts get-caller-identity \
             --profile prod` and enter it there, then try again"
        ),
    }))
}

const DEVICE: &str = "arn:aws:iam::123456789012:mfa/ada";

pub(crate) fn mfa_code() -> Scene {
    let mut scene = Scene::start(preferences());
    scene
        .ledger(LedgerContents::default())
        .connect(needed(DEVICE, false))
        .type_text("1234");
    scene
}

pub(crate) fn mfa_code_refused() -> Scene {
    let mut scene = mfa_code();
    scene.type_text("56").keys("enter").connect(needed(DEVICE, true));
    scene
}

fn mfa_code_hostile() -> Scene {
    let mut scene = Scene::start(preferences());
    let device = "\u{1b}[2J\u{202e}".repeat(40);
    scene.ledger(LedgerContents::default()).connect(needed(&device, false));
    scene
}

fn browsing() -> Scene {
    let mut scene = distributions_login();
    scene.keys("L");
    let request = scene.awaits(&LoginPlanRequest(None));
    let result = Ok(LoginWay::Browser);
    scene.reply(Reply::LoginPlanned { request, result });
    scene
}

fn told(url: &str, code: &str) -> Scene {
    let mut scene = browsing();
    let request = scene.awaits(&ConnectionRequest::LogIn);
    let login = BrowserLogin {
        url: url.to_owned(),
        code: code.to_owned(),
        direct: Some(format!("{url}?user_code={code}")),
        until: scene.now + chrono::TimeDelta::minutes(10),
    };
    scene.send(Message::BrowserLogin(request, login));
    scene
}

pub(crate) fn browser_login() -> Scene {
    told("https://device.sso.eu-west-1.amazonaws.com/", "WDJB-MJHT")
}

fn browser_login_hostile() -> Scene {
    told(&"https://x/\u{1b}[2J\u{202e}".repeat(60), &"\u{1b}[31mA".repeat(60))
}

pub(crate) fn browser_login_ended() -> Scene {
    let mut scene = browser_login();
    let request = scene.awaits(&ConnectionRequest::LogIn);
    let result = Err(Failure::Credentials(
        "the login failed: access was denied in the browser".to_owned(),
    ));
    scene.connects(request, result);
    scene
}

pub(crate) fn connecting_slowly() -> Scene {
    let mut scene = Scene::start(preferences());
    scene.ledger(LedgerContents::default());
    scene.send(Message::Waits(Some("assuming the role deploy".to_owned())));
    scene.pass(2);
    scene.fire(&TimerKind::Waits);
    scene
}
