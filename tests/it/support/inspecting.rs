//! A proxy that inspects TLS, as in company networks: it responds in place of every server, with its own certificates,
//! and forwards what it reads.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Where the certificates lie.
fn place(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/support/tls")
        .join(name)
}

/// The file with the certificate that signs those of the proxy.
pub(crate) fn authority() -> String {
    place("authority.pem").display().to_string()
}

/// Where each host leads: the first whose beginning the name has.
pub(crate) type Hosts = Vec<(&'static str, String)>;

/// How the proxy itself is reached and what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `http://`, with good certificates.
    Plain,
    /// `https://`, with good certificates.
    Tls,
    /// `http://`, with certificates that have expired.
    Expired,
    /// `http://`, for those alone who log in.
    Login,
}

/// The proxy.
pub(crate) struct Inspecting {
    /// Its URL.
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

impl Inspecting {
    pub(crate) fn new(kind: Kind, hosts: Hosts) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let scheme = if kind == Kind::Tls { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr()?);
        let (asked, config) = (Arc::new(Mutex::new(Vec::new())), config(kind));
        let (told, hosts) = (Arc::clone(&asked), Arc::new(hosts));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (told, config, hosts) = (Arc::clone(&told), Arc::clone(&config), Arc::clone(&hosts));
                // A client that has gone needs no response.
                std::thread::spawn(move || drop(serve(stream, kind, &config, &hosts, &told)));
            }
        });
        Ok(Self { url, asked })
    }

    /// The hosts that were asked for, with their ports.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn config(kind: Kind) -> Arc<ServerConfig> {
    let name = if kind == Kind::Expired { "expired" } else { "server" };
    let certificate = CertificateDer::from_pem_file(place(&format!("{name}.pem"))).unwrap();
    let key = PrivateKeyDer::from_pem_file(place(&format!("{name}.key"))).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key);
    Arc::new(config.unwrap())
}

fn secured(stream: impl Stream + 'static, config: &Arc<ServerConfig>) -> Box<dyn Stream> {
    Box::new(StreamOwned::new(
        ServerConnection::new(Arc::clone(config)).unwrap(),
        stream,
    ))
}

fn serve(
    stream: TcpStream,
    kind: Kind,
    config: &Arc<ServerConfig>,
    hosts: &Hosts,
    told: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let mut stream: Box<dyn Stream> = if kind == Kind::Tls {
        secured(stream, config)
    } else {
        Box::new(stream)
    };
    let head = read_head(&mut stream)?;
    let host = head.split_whitespace().nth(1).unwrap_or_default().to_owned();
    told.lock().unwrap().push(host.clone());
    if kind == Kind::Login && !head.to_ascii_lowercase().contains("proxy-authorization: basic ") {
        return stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    }
    stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let mut inner = secured(stream, config);
    let request = read_request(&mut inner)?;
    let to = hosts.iter().find(|(name, _)| host.starts_with(name));
    let Some((_, url)) = to else {
        return inner.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
    };
    let mut server = TcpStream::connect(url.trim_start_matches("http://"))?;
    server.write_all(&request)?;
    let mut response = Vec::new();
    server.read_to_end(&mut response)?;
    inner.write_all(&response)?;
    inner.flush()
}

fn read_head(stream: &mut impl Read) -> io::Result<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// A request with its body, which asks to close the connection behind its response.
fn read_request(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let head = read_head(stream)?;
    let mut lines: Vec<String> = BufReader::new(head.as_bytes()).lines().map_while(Result::ok).collect();
    lines.retain(|line| !line.to_ascii_lowercase().starts_with("connection:") && !line.is_empty());
    let length = lines.iter().find_map(|line| {
        let lower = line.to_ascii_lowercase();
        lower.strip_prefix("content-length:")?.trim().parse().ok()
    });
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body)?;
    lines.push("Connection: close\r\n\r\n".to_owned());
    Ok([lines.join("\r\n").into_bytes(), body].concat())
}
