using Kith;
using Kith.Cli;

// Read by the sockets when they are first used: what arrives is handled where it arrived, without a hop to another
// thread, which halves the cost of a message. Long computations therefore go to the thread pool by themselves.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
return await KithCommands.RunAsync(args, Terminal.OfProcess(), Composition.RunAsync);
