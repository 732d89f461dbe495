//! A demo for phones on the local network: takes an address of this machine, says whether one may listen there. It is a further door for the calls of
//! the service; pages and one-time codes stay with this machine alone (`web::site::gate`).

use crate::config::Config;
use crate::failure::Failure;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

/// Never in use (RFC 5737): asked for the way there, the system names the address it would send from.
const ELSEWHERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), 9);

/// This machine's address in the local network. Nothing is sent to find it.
///
/// # Errors
/// [`Failure`] if there is none, or if what it has is an address of the Internet: there a demo has no place.
pub fn address() -> Result<IpAddr, Failure> {
    let found = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).and_then(|socket| {
        socket.connect(ELSEWHERE)?;
        socket.local_addr()
    });
    match found {
        Ok(address) if is_private(address.ip()) && !address.ip().is_loopback() => Ok(address.ip()),
        _ => Err(Failure::new("no address in a local network was found: name one by --lan ADDRESS")),
    }
}

/// Lets only a demo out, and that to a local network alone; its trust services go where the phones are.
pub(crate) fn settle(config: &mut Config) -> Result<(), Failure> {
    let Some(address) = config.lan else { return Ok(()) };
    if !config.demo {
        return Err(Failure::new("--lan is for a demo: a service listens where --listen says"));
    }
    if !is_private(address) {
        return Err(Failure::new("a demo serves a local network alone: name an address such as 192.168.1.5"));
    }
    if config.trust_listen.ip().is_loopback() {
        config.trust_listen.set_ip(address);
    }
    Ok(())
}

/// RFC 1918, RFC 3927, RFC 4193, RFC 4291 2.5.6; and this machine's own, for trying out.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_link_local() || v4.is_loopback(),
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_network_and_no_other() {
        for local in ["192.168.1.5", "10.0.0.1", "172.31.255.1", "169.254.3.4", "127.0.0.2", "fd00::1", "fe80::1"] {
            assert!(is_private(local.parse().unwrap()), "{local}");
        }
        for other in ["0.0.0.0", "8.8.8.8", "172.32.0.1", "192.0.2.1", "::", "2001:db8::1", "::ffff:8.8.8.8"] {
            assert!(!is_private(other.parse().unwrap()), "{other}");
        }
    }
}
