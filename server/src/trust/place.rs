//! Where the trust services are: takes the configuration, gives a bound socket and the address that certificates name.

use crate::ca::TrustServices;
use crate::config::Config;
use crate::failure::Failure;
use crate::folder::Folder;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};

/// The port of last time.
const PORT: &str = "trust.port";

/// A place on the network.
pub(crate) struct Place {
    pub(crate) socket: TcpListener,
    pub(crate) services: TrustServices,
}

impl Place {
    /// Listens. Port 0 takes the port of last time if it is still free, since certificates name it, else any free one.
    pub(crate) fn open(folder: &Folder, config: &Config) -> Result<Place, Failure> {
        let doing = "cannot listen on the trust services' address";
        let named = config.trust_services.as_deref().map(public).transpose()?;
        let wanted = config.trust_listen;
        let last = || -> Result<Option<TcpListener>, Failure> {
            let text = folder.read(PORT)?.and_then(|bytes| String::from_utf8(bytes).ok());
            let port = text.and_then(|text| text.trim().parse::<u16>().ok());
            Ok(port.and_then(|port| TcpListener::bind(SocketAddr::new(wanted.ip(), port)).ok()))
        };
        let again = if wanted.port() == 0 { last()? } else { None };
        let socket = match again {
            Some(socket) => socket,
            None => TcpListener::bind(wanted).map_err(Failure::at(doing))?,
        };
        socket.set_nonblocking(true).map_err(Failure::at(doing))?;
        let mut address = socket.local_addr().map_err(Failure::at(doing))?;
        folder.write(PORT, address.port().to_string().as_bytes())?;
        if address.ip().is_unspecified() {
            address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
        }
        Ok(Place { socket, services: TrustServices { base: named.unwrap_or_else(|| format!("http://{address}")) } })
    }
}

fn public(base: &str) -> Result<String, Failure> {
    let base = base.trim_end_matches('/');
    // Fetched by verifiers without TLS, as RFC 5280 8 advises: a validator must not need a chain to check a chain.
    if !base.starts_with("http://") || !base.bytes().all(|c| c.is_ascii_graphic()) {
        return Err(Failure::new("the trust services' address must start with http://"));
    }
    Ok(base.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_of_last_time_is_taken_again() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        let mut config = Config::new(place.path());
        let first = Place::open(&folder, &config).unwrap();
        let base = first.services.base.clone();
        let beside = Place::open(&folder, &config).unwrap();
        assert_ne!(beside.services.base, base, "it is in use");
        drop((first, beside));
        folder.write(PORT, base.rsplit(':').next().unwrap().as_bytes()).unwrap();
        assert_eq!(Place::open(&folder, &config).unwrap().services.base, base);
        folder.write(PORT, b"garbage").unwrap();
        assert!(Place::open(&folder, &config).is_ok());
        config.trust_services = Some("http://ca.example/x/".to_owned());
        assert_eq!(Place::open(&folder, &config).unwrap().services.base, "http://ca.example/x");
        for wrong in ["https://x", "http://a b", ""] {
            config.trust_services = Some(wrong.to_owned());
            assert!(Place::open(&folder, &config).is_err(), "{wrong}");
        }
    }
}
