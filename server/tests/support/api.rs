//! The two ways in: the API with a token, and pages with a cookie.

use reqwest::{Method, header::HeaderMap, redirect::Policy};
use serde_json::Value as Json;

use crate::conform;

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) asked: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) async fn of(asked: String, request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Self {
            asked,
            status,
            headers,
            bytes,
            text,
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|fault| panic!("{}: {fault}: {}", self.asked, self.text))
    }

    /// What a success says.
    #[track_caller]
    pub(crate) fn ok(&self) -> Json {
        assert!(
            (200..300).contains(&self.status),
            "{}: {} {}",
            self.asked,
            self.status,
            self.text
        );
        if self.text.is_empty() {
            Json::Null
        } else {
            self.json()
        }
    }

    /// A problem document with this status and code; answers its detail and fields.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) -> Json {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text);
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{}",
            self.asked
        );
        let problem = self.json();
        assert_eq!(problem["code"], code, "{}: {}", self.asked, self.text);
        assert_eq!(problem["status"], status, "{}", self.asked);
        assert_eq!(problem["type"], "about:blank", "{}", self.asked);
        for words in ["title", "detail", "trace_id"] {
            assert!(
                problem[words].as_str().is_some_and(|text| !text.is_empty()),
                "{words}: {}",
                self.text
            );
        }
        problem
    }

    /// The paths of the fields at fault.
    #[track_caller]
    pub(crate) fn faults(&self) -> Vec<String> {
        let problem = self.refused(422, "invalid_input");
        let fields = problem["fields"].as_array().unwrap();
        fields
            .iter()
            .map(|field| field["path"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// The API with a token.
#[derive(Clone)]
pub(crate) struct Api {
    http: reqwest::Client,
    base: String,
    pub(crate) token: String,
}

impl Api {
    pub(crate) fn new(base: &str, token: &str) -> Self {
        Self {
            http: reqwest::Client::new(),
            base: format!("{base}/api/v1"),
            token: token.into(),
        }
    }

    /// A request in the making, with the token.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        if self.token.is_empty() {
            request
        } else {
            request.bearer_auth(&self.token)
        }
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<&Json>) -> Answer {
        self.send_with(method, path, &[], body).await
    }

    /// With headers.
    pub(crate) async fn send_with(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Json>,
    ) -> Answer {
        let asked = format!("{method} {path}");
        let mut request = self.request(method.clone(), path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        let answer = Answer::of(asked, request).await;
        conform::check(&self.base, &method, path, &answer).await;
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Json) -> Answer {
        self.send(Method::POST, path, Some(&body)).await
    }

    /// Replaces a part of what `of` reads, in the version that is there.
    pub(crate) async fn put(&self, of: &str, part: &str, body: Json) -> Answer {
        let read = self.get(of).await;
        let version = [("if-match", read.header("etag"))];
        self.send_with(Method::PUT, &format!("{of}{part}"), &version, Some(&body))
            .await
    }

    /// Changes what is at `path`, in the version that is there.
    pub(crate) async fn patch(&self, path: &str, body: Json) -> Answer {
        let read = self.get(path).await;
        let version = [("if-match", read.header("etag"))];
        self.send_with(Method::PATCH, path, &version, Some(&body)).await
    }
}

/// A browser without scripts: keeps cookies, shows redirects.
pub(crate) struct Browser {
    http: reqwest::Client,
    base: String,
}

impl Browser {
    pub(crate) fn new(base: &str) -> Self {
        let http = reqwest::Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .build()
            .unwrap();
        Self {
            http,
            base: base.into(),
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.base))
            .header("accept", "text/html")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(format!("GET {path}"), self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        Answer::of(
            format!("POST {path}"),
            self.request(Method::POST, path).form(form),
        )
        .await
    }

    /// Calls a server function with arguments, for an answer that is no page.
    pub(crate) async fn call(&self, path: &str, arguments: &[(&str, &str)]) -> Answer {
        let request = self
            .http
            .post(format!("{}{path}", self.base))
            .header("accept", "application/json")
            .form(arguments);
        Answer::of(format!("POST {path}"), request).await
    }
}
