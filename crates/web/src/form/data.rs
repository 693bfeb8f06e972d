//! Reads a form post, urlencoded or multipart, with its limits enforced while it streams in.

use std::collections::BTreeMap;

use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Request, multipart::Field},
    http::{StatusCode, header},
};
use futures_util::StreamExt;
use kernel::{Problem, Refusal, limits, text};

use crate::{Failed, Reader};

/// Fields and files one form may have, whatever their size.
const FORM_PARTS: usize = 500;
/// Fields of passwords.
const AS_TYPED: [&str; 3] = ["password", "again", "old"];
/// Bytes of all text fields of one form.
const FORM_TEXT_BYTES: usize = 1024 * 1024;

/// What one form may bring. [`FormData`] as an extractor uses the default; imports read with their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormLimits {
    /// Bytes of the whole post.
    pub form_bytes: usize,
    /// Bytes of one file.
    pub file_bytes: usize,
    /// Files.
    pub files: usize,
    /// What is wrong with a file is said on the form, with everything typed; otherwise the whole post is refused.
    pub on_the_form: bool,
}

impl FormLimits {
    /// What a stranger may send: it is read before anybody knows who he is.
    pub const PUBLIC: Self =
        Self { form_bytes: limits::PUBLIC_FORM_BYTES, file_bytes: 0, files: 0, on_the_form: false };

    /// What whoever has the link of a letter may send with his answer.
    pub const LETTER: Self = Self {
        form_bytes: limits::LETTER_FORM_BYTES,
        file_bytes: limits::PHOTO_BYTES,
        files: limits::LETTER_PHOTOS,
        on_the_form: true,
    };

    /// What somebody may send with a public report.
    pub const REPORT: Self = Self {
        form_bytes: limits::REPORT_FORM_BYTES,
        file_bytes: limits::PHOTO_BYTES,
        files: limits::REPORT_PHOTOS,
        on_the_form: true,
    };
}

impl Default for FormLimits {
    fn default() -> Self {
        Self {
            form_bytes: limits::FORM_BYTES,
            file_bytes: limits::PHOTO_BYTES,
            files: limits::PHOTOS_PER_FORM,
            on_the_form: true,
        }
    }
}

/// One file as the browser sent it. Name and type are the browser's word: `attachments` looks at the bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct UploadedFile {
    /// The form field.
    pub field: String,
    /// The name it had, without folders, at most 100 characters.
    pub file_name: String,
    /// The type the browser claims.
    pub content_type: String,
    /// The content; nothing of a file that was left out.
    pub bytes: Vec<u8>,
    /// Why the file was left out, with [`FormLimits::on_the_form`].
    pub left_out: Option<Refusal>,
}

impl std::fmt::Debug for UploadedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "UploadedFile({}: {}, {} bytes)", self.field, self.file_name, self.bytes.len())
    }
}

/// A form as it was sent. Take the meaning out with [`Self::reader`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormData {
    fields: BTreeMap<String, Vec<String>>,
    files: Vec<UploadedFile>,
}

impl FormData {
    /// A form made of pairs: for tests and for the query of a page.
    pub fn from_pairs<K: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut form = Self::default();
        for (key, value) in pairs {
            form.put(key.into(), value.into());
        }
        form
    }

    /// Reads `a=1&b=2`, as in the query of an address.
    pub fn from_urlencoded(text: &str) -> Self {
        let mut form = Self::default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()).take(FORM_PARTS) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            form.put(decode(key), decode(value));
        }
        form
    }

    /// Takes a value in, without what nobody sees; a password is what was typed.
    fn put(&mut self, field: String, value: String) {
        let value = if AS_TYPED.contains(&field.as_str()) { value } else { text::visible(&value) };
        self.fields.entry(field).or_default().push(value);
    }

    /// The first value of a field, as it was sent but for characters that nobody sees.
    pub fn value(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(|values| values.first()).map(String::as_str)
    }

    /// All values of a field.
    pub fn values(&self, field: &str) -> impl Iterator<Item = &str> {
        self.fields.get(field).into_iter().flatten().map(String::as_str)
    }

    /// All fields with their values.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.fields.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// Files of a field.
    pub fn files(&self, field: &str) -> impl Iterator<Item = &UploadedFile> {
        self.files.iter().filter(move |file| file.field == field)
    }

    /// Takes all files out.
    pub fn take_files(&mut self) -> Vec<UploadedFile> {
        std::mem::take(&mut self.files)
    }

    /// Typed readers that collect what is wrong.
    pub fn reader(&self) -> Reader<'_> {
        Reader::new(self)
    }

    /// Reads a request with other limits than a form's: imports.
    ///
    /// # Errors
    /// [`Problem::Limit`] with the limit's name; [`Problem::Refused`] `form-broken` when the post cannot be read.
    pub async fn read(request: Request, limits: FormLimits) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind = kind.unwrap_or_default().to_ascii_lowercase();
        if kind.starts_with("multipart/form-data") {
            let parts = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
            Self::read_multipart(parts, limits).await
        } else if kind.starts_with("application/x-www-form-urlencoded") || kind.is_empty() {
            let most = limits.form_bytes.min(FORM_TEXT_BYTES);
            let mut body = request.into_body().into_data_stream();
            let mut bytes = Vec::new();
            while let Some(chunk) = body.next().await {
                grow(&mut bytes, &chunk.map_err(|_| broken())?, most, "form_text_bytes")?;
            }
            Ok(Self::from_urlencoded(std::str::from_utf8(&bytes).map_err(|_| broken())?))
        } else {
            Err(broken())
        }
    }

    async fn read_multipart(mut parts: Multipart, limits: FormLimits) -> Result<Self, Problem> {
        let mut form = Self::default();
        let (mut total, mut text_total) = (0_usize, 0_usize);
        for _ in 0..FORM_PARTS {
            let Some(part) = parts.next_field().await.map_err(|error| unreadable(error.status()))? else {
                return Ok(form);
            };
            let left = limits.form_bytes.saturating_sub(total);
            let Some(name) = part.name().map(str::to_owned) else { return Err(broken()) };
            if part.file_name().is_some() {
                let (mut file, size) = read_file(part, name, limits, left).await?;
                total = total.saturating_add(size);
                if size == 0 {
                    continue;
                }
                if form.files.len() >= limits.files {
                    if !limits.on_the_form {
                        return Err(Problem::Limit("photos_per_act"));
                    }
                    let refusal = Refusal::new("form-photos-many").with("most", limits.files).on("photos");
                    (file.bytes, file.left_out) = (Vec::new(), Some(refusal));
                }
                form.files.push(file);
            } else {
                let most = FORM_TEXT_BYTES.saturating_sub(text_total).min(left);
                let bytes = read_part(part, most, "form_text_bytes").await?;
                total = total.saturating_add(bytes.len());
                text_total = text_total.saturating_add(bytes.len());
                form.put(name, String::from_utf8(bytes).map_err(|_| broken())?);
            }
        }
        Err(Problem::Limit("form_parts"))
    }

    /// What is wrong with the first file that was left out.
    pub fn left_out(files: &[UploadedFile]) -> Result<(), Problem> {
        let first = files.iter().find_map(|file| file.left_out.clone());
        first.map_or(Ok(()), |refusal| Err(Problem::Refused(refusal)))
    }
}

impl<S: Send + Sync> FromRequest<S> for FormData {
    type Rejection = Failed;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failed> {
        Ok(Self::read(request, FormLimits::default()).await?)
    }
}

/// A form that somebody may send who has not signed in, read with [`FormLimits::PUBLIC`].
pub struct PublicForm(pub FormData);

impl<S: Send + Sync> FromRequest<S> for PublicForm {
    type Rejection = Failed;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failed> {
        Ok(Self(FormData::read(request, FormLimits::PUBLIC).await?))
    }
}

/// A file and its size; `left` bytes may still come with the form.
async fn read_file(
    mut part: Field<'_>,
    field: String,
    limits: FormLimits,
    left: usize,
) -> Result<(UploadedFile, usize), Problem> {
    let file_name = part.file_name().map(base_name).unwrap_or_default();
    let content_type = part.content_type().unwrap_or_default().chars().take(100).collect();
    let mut file = UploadedFile { field, file_name, content_type, bytes: Vec::new(), left_out: None };
    let mut size = 0_usize;
    while let Some(chunk) = part.chunk().await.map_err(|error| unreadable(error.status()))? {
        size = size.saturating_add(chunk.len());
        if size > left {
            return Err(Problem::Limit("form_bytes"));
        }
        if size <= limits.file_bytes {
            file.bytes.extend_from_slice(&chunk);
        } else if limits.on_the_form {
            // The rest is read and thrown away: what was typed may come behind it.
            let refusal = Refusal::new("form-photo-big").with("most", limits.file_bytes / 1024 / 1024);
            (file.bytes, file.left_out) = (Vec::new(), Some(refusal.on("photos")));
        } else {
            return Err(Problem::Limit("photo_bytes"));
        }
    }
    Ok((file, size))
}

async fn read_part(mut part: Field<'_>, most: usize, limit: &'static str) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|error| unreadable(error.status()))? {
        grow(&mut bytes, &chunk, most, limit)?;
    }
    Ok(bytes)
}

fn grow(bytes: &mut Vec<u8>, chunk: &Bytes, most: usize, limit: &'static str) -> Result<(), Problem> {
    if bytes.len().saturating_add(chunk.len()) > most {
        return Err(Problem::Limit(limit));
    }
    bytes.extend_from_slice(chunk);
    Ok(())
}

fn broken() -> Problem {
    Refusal::new("form-broken").into()
}

fn unreadable(status: StatusCode) -> Problem {
    if status == StatusCode::PAYLOAD_TOO_LARGE { Problem::Limit("form_bytes") } else { broken() }
}

fn base_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(limits::NAME_CHARS).collect()
}

/// `+` and `%XX`; what is not UTF-8 becomes U+FFFD.
fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after.split_first_chunk::<2>()) {
            (b'+', _) => out.push(b' '),
            (b'%', Some((pair, later))) if pair.iter().all(u8::is_ascii_hexdigit) => {
                let digits = std::str::from_utf8(pair).unwrap_or_default();
                out.push(u8::from_str_radix(digits, 16).unwrap_or_default());
                rest = later;
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_no_content() {
        let form = FormData::from_urlencoded(
            "place=%E2%80%8B&name=%E2%81%A0%E4%B8%B9%E2%80%AE%EF%BB%BF&password=a%E2%80%8Bb",
        );
        assert_eq!((form.value("place"), form.value("name")), (Some(""), Some("丹")));
        assert_eq!(form.value("password"), Some("a\u{200b}b"));
        let mut read = form.reader();
        let place = read.text("place").required().get();
        assert!(place.is_empty() && read.finish().is_err());
    }

    #[test]
    fn urlencoded() {
        let form = FormData::from_urlencoded("a=1&b=%E7%81%AB+%2B&a=2&&c&d=%zz%4");
        assert_eq!(form.values("a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(form.value("b"), Some("火 +"));
        assert_eq!(form.value("c"), Some(""));
        assert_eq!(form.value("d"), Some("%zz%4"));
        assert_eq!(form.value("e"), None);
    }

    #[test]
    fn names_of_files_have_no_folders() {
        assert_eq!(base_name("C:\\photos\\a.jpg"), "a.jpg");
        assert_eq!(base_name("../../etc/passwd"), "passwd");
    }
}
