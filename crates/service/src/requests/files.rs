//! Files that belong to a request: evidence, and what goes with a message.

use domain::{
    Personal,
    actor::Actor,
    audit::Action,
    file::{Content, File, FiledAs},
    ids::{FileId, RequestNumber},
    permit::{Own, ReadRequests},
};
use store::{Tx, files::Filed, requests::Request};

use crate::{Portal, ServiceError};

/// What one side writes to the other, with what belongs to it.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    pub words: &'a Personal,
    pub files: &'a [File],
}

impl<'a> From<&'a Personal> for Message<'a> {
    fn from(words: &'a Personal) -> Self {
        Self { words, files: &[] }
    }
}

/// A file as it is handed out.
pub struct Opened {
    pub filed: Filed,
    pub content: Content,
}

impl Portal {
    pub(super) async fn keep_file(
        &self,
        tx: &Tx,
        request: &Request,
        filed_as: FiledAs,
        file: &File,
        actor: &Actor,
    ) -> Result<(), ServiceError> {
        let now = self.clock.now();
        tx.add_file(FileId(self.chance.id(now)?), request.id, filed_as, file, actor, now).await?;
        Ok(())
    }

    /// # Errors
    /// [`ServiceError::NotFound`] for a file that is not one's own to read.
    pub async fn my_file(&self, permit: &Own, number: &RequestNumber, id: FileId) -> Result<Opened, ServiceError> {
        let request = self.store.own_request(permit, number).await?.ok_or(ServiceError::NotFound)?;
        let standing = self.store.standing(permit, &request).await?;
        let opened = self.opened(&request, id).await?;
        match opened.filed.filed_as {
            FiledAs::Message(audience) if standing.reads(audience) => Ok(opened),
            // Said to the other side; or handed in by one who says to act for them, and neither gets it from here.
            FiledAs::Message(_) | FiledAs::Evidence => Err(ServiceError::NotFound),
        }
    }

    /// Every look is written into the audit log.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where there is no such file.
    pub async fn case_file(
        &self,
        permit: &ReadRequests,
        actor: &Actor,
        number: &RequestNumber,
        id: FileId,
    ) -> Result<Opened, ServiceError> {
        let request = self.store.request_by_number(permit, number).await?.ok_or(ServiceError::NotFound)?;
        let opened = self.opened(&request, id).await?;
        // Who somebody is is shown to people who decide, and to nobody else: a program answers for nobody.
        let compares = actor.decide().is_ok() && !matches!(actor, Actor::Program(_));
        if opened.filed.filed_as == FiledAs::Evidence && !compares {
            return Err(ServiceError::NotFound);
        }
        let tx = self.store.begin().await?;
        let detail = serde_json::json!({ "file": id });
        tx.audit(self.clock.now(), actor, Action::FileOpened, number.as_str(), detail).await?;
        tx.commit().await?;
        Ok(opened)
    }

    async fn opened(&self, request: &Request, id: FileId) -> Result<Opened, ServiceError> {
        let filed = self.store.files(request).await?.into_iter().find(|file| file.id == id);
        let content = self.store.file_content(request, id).await?;
        match (filed, content) {
            (Some(filed), Some(content)) => Ok(Opened { filed, content }),
            (Some(_) | None, Some(_) | None) => Err(ServiceError::NotFound),
        }
    }
}
