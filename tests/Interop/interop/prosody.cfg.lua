-- Prosody 0.12 as the known-good server that the scenarios are tried on first. Loopback only.
-- Everything that varies comes from the environment, see servers.py.
local data = ENV_INTEROP_DATA
local certificate = { key = data .. "/key.pem", certificate = data .. "/cert.pem" }

run_as_root = true -- a throw-away server in a throw-away directory
daemonize = false
pidfile = data .. "/prosody.pid"
admin_socket = data .. "/prosody.sock"
data_path = data .. "/store"
certificates = data .. "/none"
log = { info = data .. "/prosody.log" }

interfaces = { "127.0.0.1" }
local_interfaces = { "127.0.0.1" }
c2s_ports = { tonumber(ENV_INTEROP_CLIENT) }
c2s_direct_tls_ports = { tonumber(ENV_INTEROP_CLIENT_TLS) }
c2s_direct_tls_ssl = { key = certificate.key, certificate = certificate.certificate, alpn = { "xmpp-client" } }
https_ports = { tonumber(ENV_INTEROP_HTTPS) }
https_ssl = certificate
component_ports = { tonumber(ENV_INTEROP_COMPONENT) }
s2s_ports = {}
http_ports = {}

-- Stores passwords as they are, because only then SCRAM-SHA-1 and SCRAM-SHA-256 are offered both.
authentication = "internal_plain"
disable_sasl_mechanisms = { "DIGEST-MD5", "OAUTHBEARER" }
insecure_sasl_mechanisms = {}

modules_enabled = {
	"roster"; "saslauth"; "tls"; "disco"; "carbons"; "mam"; "smacks"; "csi"; "csi_simple";
	"blocklist"; "private"; "vcard"; "lastactivity"; "version"; "uptime"; "time"; "ping";
	"websocket"; "bosh"; "register_ibr"; "invites"; "invites_register"; "user_account_management";
}
modules_disabled = { "s2s" }
registration_invite_only = true
allow_registration = true
default_archive_policy = true
c2s_require_encryption = true
network_settings = { nagle = false }
ssl = certificate

VirtualHost "kith.localhost"
	ssl = certificate
	modules_enabled = { "http_file_share" }
	http_external_url = "https://kith.localhost:" .. ENV_INTEROP_HTTPS .. "/"

Component "groups.kith.localhost" "muc"
	modules_enabled = { "muc_mam" }
	muc_log_by_default = true

Component "gateway.kith.localhost"
	component_secret = "sesame-open"
