//! Just enough HTTP for our own server on the same machine.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::net::{AddressFamily, SocketType, bind, connect, socket};
use serde_json::Value;

/// Longer than this no answer takes.
const TIMEOUT: Duration = Duration::from_mins(1);
/// Most bytes of an answer; what is longer has no end.
const MOST: usize = 64 * 1024 * 1024;

/// Headers of a request.
pub(crate) type Headers<'a> = &'a [(&'a str, &'a str)];

/// How browsers send forms.
pub(crate) const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// How arguments of a function are sent that are no form: what comes as a form goes to the reader of forms, and the function
/// gets none of it.
pub(crate) const ARGUMENTS: (&str, &str) = ("Content-Type", "text/plain; charset=utf-8");

/// What the server said.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in small letters.
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The first header of this name, which is given in small letters.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All headers of this name, which is given in small letters.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let fitting = self.headers.iter().filter(move |(one, _)| one == name);
        fitting.map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Whether it is a page for people.
    pub(crate) fn is_page(&self) -> bool {
        self.header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"))
    }

    /// A stream goes on for as long as the connection is open.
    pub(crate) fn is_stream(&self) -> bool {
        self.header("content-type")
            .is_some_and(|kind| kind.starts_with("text/event-stream"))
    }

    fn has_no_body(&self) -> bool {
        matches!(self.status, 100..=199 | 204 | 304)
    }
}

/// A connection that is used for one request after the other.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    address: SocketAddr,
    closes: bool,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> Result<Self> {
        Self::over(TcpStream::connect(address)?, address)
    }

    /// As somebody at another address of the loopback, all of whose addresses lead here.
    pub(crate) fn open_from(source: Ipv4Addr, address: SocketAddr) -> Result<Self> {
        Self::over(connect_from(source, address)?, address)
    }

    fn over(stream: TcpStream, address: SocketAddr) -> Result<Self> {
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
            address,
            closes: false,
        })
    }

    /// How long to wait for the next bytes.
    pub(crate) fn patience(&self, time: Duration) -> Result<()> {
        Ok(self.stream.get_ref().set_read_timeout(Some(time))?)
    }

    /// Whether the server will take no other request on it.
    pub(crate) fn is_closed(&self) -> bool {
        self.closes
    }

    /// The body of a successful answer, as it came over the wire.
    pub(crate) fn get(&mut self, path: &str, headers: Headers) -> Result<Vec<u8>> {
        succeeded(path, self.ask("GET", path, headers, b"")?)
    }

    /// Posts JSON; the answer must be a success.
    pub(crate) fn post(&mut self, path: &str, headers: Headers, body: &Value) -> Result<Vec<u8>> {
        let json = [headers, &[("Content-Type", "application/json")]].concat();
        succeeded(path, self.ask("POST", path, &json, body.to_string().as_bytes())?)
    }

    /// Whatever the server answers. Of a stream of events, which has no end, only the head.
    pub(crate) fn ask(&mut self, method: &str, path: &str, headers: Headers, body: &[u8]) -> Result<Answer> {
        self.send(method, path, headers, body)?;
        self.receive()
    }

    /// Sends a request without waiting for its answer.
    pub(crate) fn send(&mut self, method: &str, path: &str, headers: Headers, body: &[u8]) -> Result<()> {
        let mut request = Vec::new();
        write!(request, "{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.address)?;
        for (name, value) in headers {
            write!(request, "{name}: {value}\r\n")?;
        }
        write!(request, "Content-Length: {}\r\n\r\n", body.len())?;
        request.extend_from_slice(body);
        self.write(&request)
    }

    /// Sends these bytes as they are.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.stream.get_mut().write_all(bytes)?)
    }

    /// The answer to what was sent.
    pub(crate) fn receive(&mut self) -> Result<Answer> {
        let mut answer = self.head()?;
        if answer.has_no_body() || answer.is_stream() {
            return Ok(answer);
        }
        let length = answer.header("content-length").map(str::parse).transpose()?;
        answer.body = match length {
            Some(length) => self.bytes(length)?,
            None if answer.header("transfer-encoding").is_some() => self.chunks()?,
            None => self.rest()?,
        };
        Ok(answer)
    }

    /// Whether the server has not hung up, once all that it has sent is read away.
    pub(crate) fn is_open(&mut self) -> Result<bool> {
        self.stream.get_ref().set_nonblocking(true)?;
        let last = loop {
            match self.skip() {
                Ok(0) => break Ok(false),
                Ok(_) => {}
                Err(error) => break Ok(would_block(&error)),
            }
        };
        self.stream.get_ref().set_nonblocking(false)?;
        last
    }

    /// Reads away what comes next; how many bytes, none once the server has hung up.
    pub(crate) fn skip(&mut self) -> Result<usize> {
        let bytes = self.stream.fill_buf()?.len();
        self.stream.consume(bytes);
        Ok(bytes)
    }

    fn head(&mut self) -> Result<Answer> {
        let line = self.line()?;
        let status = line
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.get(..3)?.parse().ok());
        let mut answer = Answer {
            status: status.with_context(|| format!("this is no answer: {line:?}"))?,
            ..Answer::default()
        };
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').context("a header has no value")?;
            answer
                .headers
                .push((name.to_lowercase(), value.trim().to_owned()));
        }
        self.closes = answer.header("connection") == Some("close");
        Ok(answer)
    }

    fn rest(&mut self) -> Result<Vec<u8>> {
        self.closes = true;
        let mut whole = Vec::new();
        self.stream.read_to_end(&mut whole)?;
        Ok(whole)
    }

    fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut whole = Vec::new();
        loop {
            let length = usize::from_str_radix(&self.line()?, 16).context("an answer has no length")?;
            let chunk = self.bytes(length)?;
            self.line()?;
            if chunk.is_empty() {
                return Ok(whole);
            }
            whole.extend(chunk);
            if whole.len() > MOST {
                bail!("an answer has no end");
            }
        }
    }

    fn bytes(&mut self, length: usize) -> Result<Vec<u8>> {
        if length > MOST {
            bail!("an answer has {length} bytes");
        }
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            bail!("the server hung up");
        }
        Ok(line.trim_end().to_owned())
    }
}

fn would_block(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<std::io::Error>();
    error.is_some_and(|error| error.kind() == ErrorKind::WouldBlock)
}

/// A connection from this address of the loopback.
pub(crate) fn connect_from(source: Ipv4Addr, address: SocketAddr) -> Result<TcpStream> {
    let socket = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    bind(&socket, &SocketAddrV4::new(source, 0))?;
    connect(&socket, &address)?;
    Ok(socket.into())
}

fn succeeded(path: &str, answer: Answer) -> Result<Vec<u8>> {
    if (200..300).contains(&answer.status) {
        return Ok(answer.body);
    }
    bail!("{path} answered {}: {}", answer.status, answer.text())
}
