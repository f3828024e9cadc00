-- Where the servers of other domains are, instead of what a name service would say: `interop_routes`, domain to port.
module:set_global();
local service = require "net.resolvers.service";
local manual = require "net.resolvers.manual";
local routes = module:get_option("interop_routes", {});

function service.new(host, kind, conn_type, extra)
	local targets = {};
	if kind == "xmpp-server" and routes[host] then
		targets = { { "tcp4", "127.0.0.1", routes[host], extra } };
	end
	return manual.new(targets, conn_type, extra);
end
