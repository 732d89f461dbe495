//! What a registration officer does, for a back office: looks at the requests for certificates that wait, approves or rejects them, and revokes lost
//! devices. The client is logged in as the officer; who that is, and for whom, is the service's to say.

use crate::cancel::CallOptions;
use crate::client::Client;
use crate::credential::RevocationReason;
use crate::device::SecurityLevel;
use crate::error::Result;
use crate::identity::IdentityState;
use crate::waiting::wait;
use thrivosign::journey::officer;
use thrivosign::remote::officer as core;

/// A user as an officer sees one. All but the id is what the user said at registration.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Applicant {
    /// The user's id.
    pub user_id: String,
    /// The name that enters certificates.
    pub name: String,
    /// Where messages go.
    pub email: String,
    /// The company, if the user named one.
    pub company: Option<String>,
}

impl From<core::Applicant> for Applicant {
    fn from(one: core::Applicant) -> Applicant {
        Applicant { user_id: one.user_id, name: one.name, email: one.email, company: one.company }
    }
}

/// A request for a certificate that waits for an officer.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct WaitingRequest {
    /// Its id.
    pub request_id: String,
    /// Who asks.
    pub applicant: Applicant,
    /// The device that the key is on.
    pub device_uuid: String,
    /// Its name, which the user gave it.
    pub device_name: String,
    /// Its platform, as it said itself.
    pub platform: String,
    /// Where the key lives, as far as was verified.
    pub security_level: SecurityLevel,
    /// When it came, in seconds since 1970-01-01T00:00:00Z.
    pub asked: i64,
}

impl From<core::requests::WaitingRequest> for WaitingRequest {
    fn from(one: core::requests::WaitingRequest) -> WaitingRequest {
        WaitingRequest {
            request_id: one.request_id,
            applicant: one.applicant.into(),
            device_uuid: one.device_uuid,
            device_name: one.device_name,
            platform: one.platform,
            security_level: one.security_level.into(),
            asked: one.asked.unix(),
        }
    }
}

/// What was certified on a device.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct DeviceCredential {
    /// Its id.
    pub credential_id: String,
    /// Its state.
    pub state: IdentityState,
    /// Valid until, in seconds since 1970-01-01T00:00:00Z.
    pub not_after: i64,
}

impl From<core::devices::DeviceCredential> for DeviceCredential {
    fn from(one: core::devices::DeviceCredential) -> DeviceCredential {
        DeviceCredential { credential_id: one.credential_id, state: one.status.into(), not_after: one.not_after.unix() }
    }
}

/// A device of somebody's.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct UsersDevice {
    /// Its id.
    pub device_uuid: String,
    /// Whose it is.
    pub owner: Applicant,
    /// Its name, which the user gave it.
    pub device_name: String,
    /// Its platform, as it said itself.
    pub platform: String,
    /// Where its authentication key lives, as far as was verified.
    pub security_level: SecurityLevel,
    /// What was certified on it.
    pub credentials: Vec<DeviceCredential>,
}

impl From<core::devices::UsersDevice> for UsersDevice {
    fn from(one: core::devices::UsersDevice) -> UsersDevice {
        UsersDevice {
            device_uuid: one.device_uuid,
            owner: one.owner.into(),
            device_name: one.device_name,
            platform: one.platform,
            security_level: one.security_level.into(),
            credentials: one.credentials.into_iter().map(DeviceCredential::from).collect(),
        }
    }
}

#[uniffi::export]
impl Client {
    /// The requests for certificates that wait for this officer, the oldest first.
    ///
    /// # Errors
    /// `AuthorizationDenied` for whoever is no officer; what the service or the network says, so for every function here.
    #[uniffi::method(default(options = None))]
    pub async fn waiting_requests(&self, options: Option<CallOptions>) -> Result<Vec<WaitingRequest>> {
        let session = self.session();
        wait(options, move |call| Ok(officer::waiting(&session, call.limits())?.into_iter().map(WaitingRequest::from).collect())).await
    }

    /// After the call the certificate is issued. The same again is no error.
    ///
    /// # Errors
    /// `ServiceRefused` if the request was rejected before.
    #[uniffi::method(default(options = None))]
    pub async fn approve_request(&self, request_id: String, options: Option<CallOptions>) -> Result<()> {
        let session = self.session();
        wait(options, move |call| officer::approve(&session, &request_id, call.limits())).await
    }

    /// After the call the request is refused for good, and whoever asked is told the reason. The same again is no error.
    ///
    /// # Errors
    /// `ServiceRefused` if the request was approved before, or without a reason.
    #[uniffi::method(default(options = None))]
    pub async fn reject_request(&self, request_id: String, reason: String, options: Option<CallOptions>) -> Result<()> {
        let session = self.session();
        wait(options, move |call| officer::reject(&session, &request_id, &reason, call.limits())).await
    }

    /// The devices of this officer's people that are not revoked, with what was certified on them.
    ///
    /// # Errors
    /// `AuthorizationDenied` for whoever is no officer.
    #[uniffi::method(default(options = None))]
    pub async fn users_devices(&self, options: Option<CallOptions>) -> Result<Vec<UsersDevice>> {
        let session = self.session();
        wait(options, move |call| Ok(officer::users_devices(&session, call.limits())?.into_iter().map(UsersDevice::from).collect())).await
    }

    /// After the call the device is revoked, for good what was certified on it, and its owner has to log in anew. The same again is no error.
    ///
    /// # Errors
    /// `DeviceRefused` for a device of nobody this officer answers for.
    #[uniffi::method(default(options = None))]
    pub async fn revoke_users_device(&self, device_uuid: String, reason: RevocationReason, options: Option<CallOptions>) -> Result<()> {
        let session = self.session();
        wait(options, move |call| officer::revoke_device(&session, &device_uuid, reason.into(), call.limits())).await
    }
}
