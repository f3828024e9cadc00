-- Prosody 0.12 as a friend's server: prosody.test, and its rooms, which only dial back. Loopback only; see friends.py and, for
-- what walks add (direct TLS, files), walks/friends.mjs.
local data = ENV_FRIEND_DATA
local certificate = {
	key = data .. "/key.pem", certificate = data .. "/cert.pem", cafile = ENV_FRIEND_ROOT;
}
local home, domain = tonumber(ENV_FRIEND_HOME), ENV_FRIEND_DOMAIN
local web = tonumber(ENV_FRIEND_WEB)

run_as_root = true -- a throw-away server in a throw-away directory
daemonize = false
pidfile = data .. "/prosody.pid"
admin_socket = data .. "/prosody.sock"
data_path = data .. "/store"
certificates = data .. "/none"
plugin_paths = { ENV_FRIEND_PLUGINS }
log = { debug = data .. "/prosody.log" }

interfaces = { "127.0.0.1" }
local_interfaces = { "127.0.0.1" }
c2s_ports = { tonumber(ENV_FRIEND_CLIENT) }
c2s_direct_tls_ports = { tonumber(ENV_FRIEND_DIRECT) }
c2s_direct_tls_ssl = { key = certificate.key, certificate = certificate.certificate, alpn = { "xmpp-client" } }
s2s_ports = { tonumber(ENV_FRIEND_SERVER) }
http_ports = {}
https_ports = { web }
https_ssl = certificate

authentication = "internal_plain"
insecure_sasl_mechanisms = {}
modules_enabled = {
	"interop_routes"; "roster"; "saslauth"; "tls"; "disco"; "carbons"; "mam"; "smacks"; "pep"; "vcard_legacy";
	"dialback"; "s2s"; "s2s_bidi"; "ping"; "time"; "version";
	ENV_FRIEND_NAMELESS and "interop_nameless" or nil;
}
interop_routes = { [domain] = home; ["groups." .. domain] = home }
default_archive_policy = true
c2s_require_encryption = true
s2s_require_encryption = true
s2s_secure_auth = true
network_settings = { nagle = false }
ssl = certificate

VirtualHost "prosody.test"

Component "rooms.prosody.test" "muc"
	modules_enabled = { "muc_mam" }
	modules_disabled = { "saslauth" }
	s2s_secure_auth = false
	muc_log_by_default = true
	muc_room_default_persistent = true

if web then
	Component "files.prosody.test" "http_file_share"
		http_external_url = "https://files.prosody.test:" .. web .. "/"
end
