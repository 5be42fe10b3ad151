//! Replacements for the services that issue credentials, on a local port: STS, the portal and the logins of IAM
//! Identity Center, a container's agent and a machine's metadata service. The id of each key shows which service issued
//! it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{self, BufRead, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use sha1::{Digest as _, Sha1};

/// The code that a played device shows.
pub(crate) const CODE: &str = "424242";

/// The token that a played login gives.
pub(crate) const TOKEN: &str = "CANARY-sso-access-token";

/// What is typed in the played portal.
pub(crate) const USER_CODE: &str = "WDJB-MJHT";

/// What a login that is asked for becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Login {
    Pending,
    SlowDown,
    Expired,
    Denied,
}

#[derive(Default)]
pub(crate) struct State {
    /// What was asked for: the path, and of STS the form without its code.
    asked: Vec<String>,
    /// The user agent of each.
    agents: Vec<String>,
    /// Bearer tokens that the portal takes.
    pub(crate) tokens: BTreeSet<String>,
    /// Devices whose code is asked for.
    pub(crate) used_codes: BTreeSet<String>,
    /// What the next polls of a login are told; then it waits for [`Aws::enter`].
    pub(crate) logins: VecDeque<Login>,
    /// Whether a person entered the code in the portal.
    entered: bool,
    /// Paths that are never answered.
    pub(crate) silent: BTreeSet<String>,
    /// Seconds that keys last.
    pub(crate) lifetime: i64,
}

/// All of them.
pub(crate) struct Aws {
    pub(crate) url: String,
    state: Arc<Mutex<State>>,
}

impl Aws {
    pub(crate) fn new() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let state = Arc::new(Mutex::new(State {
            tokens: [TOKEN.to_owned()].into(),
            lifetime: 3600,
            ..State::default()
        }));
        let (held, own) = (Arc::clone(&state), url.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (state, url) = (Arc::clone(&held), own.clone());
                // A client that has gone needs no response.
                std::thread::spawn(move || drop(serve(stream, &url, &state)));
            }
        });
        Ok(Self { url, state })
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// What was asked so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.state().asked.clone()
    }

    /// The user agents of all requests but those to a machine's metadata service.
    pub(crate) fn agents(&self) -> Vec<String> {
        let state = self.state();
        let both = state.asked.iter().zip(&state.agents);
        both.filter(|(asked, _)| !asked.contains("/latest/"))
            .map(|(_, agent)| agent.clone())
            .collect()
    }

    /// A person enters the code in the portal.
    pub(crate) fn enter(&self) {
        self.state().entered = true;
    }

    /// The variables that lead a program to it.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        let service = [
            "AWS_ENDPOINT_URL_STS",
            "AWS_ENDPOINT_URL_SSO",
            "AWS_ENDPOINT_URL_SSO_OIDC",
        ];
        service.map(|name| (name, self.url.clone())).to_vec()
    }
}

struct Request {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: String,
}

fn read(reader: &mut BufReader<TcpStream>) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim().split_once(':') {
            Some((name, value)) => headers.insert(name.to_ascii_lowercase(), value.trim().to_owned()),
            None => break,
        };
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8_lossy(&body).into_owned();
    Ok(Some(Request {
        method,
        path,
        headers,
        body,
    }))
}

fn serve(stream: TcpStream, url: &str, state: &Mutex<State>) -> io::Result<()> {
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader)? {
        let path = request.path.split('?').next().unwrap_or_default().to_owned();
        let is_silent = {
            let mut state = state.lock().unwrap();
            state.asked.push(told(&request));
            state
                .agents
                .push(request.headers.get("user-agent").cloned().unwrap_or_default());
            state.silent.contains(&path)
        };
        if is_silent {
            std::thread::sleep(Duration::from_mins(5));
            return Ok(());
        }
        let (status, kind, text) = answer(&request, &path, url, &mut state.lock().unwrap());
        let date = chrono::Utc::now().format("%a, %d %b %Y %H:%M:%S GMT");
        let length = text.len();
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nDate: {date}\r\n\
             x-amzn-RequestId: r-1\r\nx-aws-ec2-metadata-token-ttl-seconds: 600\r\n\r\n"
        );
        writer.write_all((head + &text).as_bytes())?;
        if request.headers.get("connection").is_some_and(|value| value == "close") {
            return Ok(());
        }
    }
    Ok(())
}

/// What is remembered of a request.
fn told(request: &Request) -> String {
    let form: Vec<&str> = request
        .body
        .split('&')
        .filter(|pair| !pair.starts_with("TokenCode="))
        .collect();
    if request.path == "/" {
        form.join("&")
    } else {
        format!("{} {}", request.method, request.path)
    }
}

type Answer = (&'static str, &'static str, String);

const XML: &str = "text/xml";
const JSON: &str = "application/json";

fn answer(request: &Request, path: &str, url: &str, state: &mut State) -> Answer {
    match path {
        "/" => sts(request, state),
        "/federation/credentials" => portal(request, state),
        "/client/register" => json(
            r#"{"clientId":"client","clientSecret":"CANARY-client-secret","clientIdIssuedAt":1,
                "clientSecretExpiresAt":4102444800}"#,
        ),
        "/device_authorization" => json(&format!(
            r#"{{"deviceCode":"CANARY-device-code","userCode":"{USER_CODE}","verificationUri":"{url}/device",
                "verificationUriComplete":"{url}/device?user_code={USER_CODE}","expiresIn":600,"interval":1}}"#
        )),
        "/token" => token(request, state),
        "/ecs" => json(&document("ASIAECS0000000000000", state)),
        "/latest/api/token" => ("200 OK", "text/plain", "imds-token".to_owned()),
        "/latest/meta-data/iam/security-credentials/" => ("200 OK", "text/plain", "machine".to_owned()),
        "/latest/meta-data/iam/security-credentials/machine" => json(&document("ASIAIMDS000000000000", state)),
        _ => ("404 Not Found", "text/plain", String::new()),
    }
}

fn json(text: &str) -> Answer {
    ("200 OK", JSON, text.to_owned())
}

fn end(state: &State) -> String {
    let end = chrono::Utc::now() + chrono::TimeDelta::seconds(state.lifetime);
    end.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// Keys as containers and machines give them.
fn document(id: &str, state: &State) -> String {
    let end = end(state);
    format!(
        r#"{{"Code":"Success","LastUpdated":"2026-01-01T00:00:00Z","Type":"AWS-HMAC","AccessKeyId":"{id}",
            "SecretAccessKey":"CANARY-secret-of-{id}","Token":"CANARY-token-of-{id}","Expiration":"{end}",
            "AccountId":"123456789012"}}"#
    )
}

/// Where the AWS CLI keeps the login of this session or portal, below a home.
pub(crate) fn login_place(name: &str) -> String {
    let name = Sha1::digest(name);
    let name: Vec<String> = name.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(".aws/sso/cache/{}.json", name.concat())
}

/// The id of the keys that STS gives for a role.
pub(crate) fn role_id(role: &str) -> String {
    format!("{:0<20}", format!("ASIA{}", role.to_uppercase().replace('-', "")))
}

fn sts(request: &Request, state: &mut State) -> Answer {
    let form: BTreeMap<String, String> = url::form_urlencoded::parse(request.body.as_bytes())
        .into_owned()
        .collect();
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let role = field("RoleArn").rsplit('/').next().unwrap_or_default().to_owned();
    match field("Action") {
        "GetCallerIdentity" => (
            "200 OK",
            XML,
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
             <Arn>arn:aws:iam::123456789012:user/ada</Arn><UserId>AIDA</UserId><Account>123456789012</Account>\
             </GetCallerIdentityResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>\
             </GetCallerIdentityResponse>"
                .to_owned(),
        ),
        "AssumeRole" if role == "forbidden" => refused(
            "AccessDenied",
            &format!(
                "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: sts:AssumeRole on resource: {}",
                field("RoleArn")
            ),
        ),
        "AssumeRole" if !field("SerialNumber").is_empty() => {
            let is_good = field("TokenCode") == CODE && state.used_codes.insert(field("SerialNumber").to_owned());
            if is_good {
                assumed("AssumeRole", &role, state)
            } else {
                let message = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
                refused("AccessDenied", message)
            }
        }
        "AssumeRole" => assumed("AssumeRole", &role, state),
        "AssumeRoleWithWebIdentity" if field("WebIdentityToken") == "CANARY-web-token" => {
            assumed("AssumeRoleWithWebIdentity", &role, state)
        }
        _ => refused("InvalidIdentityToken", "the token is not good"),
    }
}

fn assumed(action: &str, role: &str, state: &State) -> Answer {
    let (id, end) = (role_id(role), end(state));
    let text = format!(
        "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result><Credentials>\
         <AccessKeyId>{id}</AccessKeyId><SecretAccessKey>CANARY-secret-of-{id}</SecretAccessKey>\
         <SessionToken>CANARY-token-of-{id}</SessionToken><Expiration>{end}</Expiration></Credentials>\
         <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/{role}/s</Arn>\
         <AssumedRoleId>AROA:s</AssumedRoleId></AssumedRoleUser></{action}Result>\
         <ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></{action}Response>"
    );
    ("200 OK", XML, text)
}

fn refused(code: &str, message: &str) -> Answer {
    let text = format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>{message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
    );
    ("403 Forbidden", XML, text)
}

/// The keys of a role of the portal.
fn portal(request: &Request, state: &State) -> Answer {
    let token = request.headers.get("x-amz-sso_bearer_token");
    if !token.is_some_and(|token| state.tokens.contains(token)) {
        let text = r#"{"__type":"UnauthorizedException","message":"Session token not found or invalid"}"#;
        return ("401 Unauthorized", JSON, text.to_owned());
    }
    let end = (chrono::Utc::now() + chrono::TimeDelta::seconds(state.lifetime)).timestamp_millis();
    json(&format!(
        r#"{{"roleCredentials":{{"accessKeyId":"ASIASSO0000000000000","secretAccessKey":"CANARY-secret-of-sso",
            "sessionToken":"CANARY-token-of-sso","expiration":{end}}}}}"#
    ))
}

/// What a poll of a login is told.
fn token(request: &Request, state: &mut State) -> Answer {
    let made = format!(
        r#"{{"accessToken":"{TOKEN}","tokenType":"Bearer","expiresIn":28800,"refreshToken":"CANARY-refresh-token"}}"#
    );
    let error = |name: &str, error: &str| {
        let text = format!(r#"{{"__type":"{name}","error":"{error}","error_description":"{error}"}}"#);
        ("400 Bad Request", JSON, text)
    };
    if request.body.contains("refresh_token") && !request.body.contains("device_code") {
        return json(&made);
    }
    match state.logins.pop_front() {
        Some(Login::SlowDown) => error("SlowDownException", "slow_down"),
        Some(Login::Expired) => error("ExpiredTokenException", "expired_token"),
        Some(Login::Denied) => error("AccessDeniedException", "access_denied"),
        None if state.entered => json(&made),
        Some(Login::Pending) | None => error("AuthorizationPendingException", "authorization_pending"),
    }
}
