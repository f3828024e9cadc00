-- Dials others as servers do that show no certificate there: TLS all the same, and dialback alone proves who they are.
local create_context = require "core.certmanager".create_context;
local context, _, settings = create_context(module.host, "client", { certificate = false; key = false });

module:hook("s2sout-created", function (event)
	event.session.ssl_ctx, event.session.ssl_cfg = context, settings;
end, 10); -- before mod_tls
