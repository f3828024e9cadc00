using System.Net;

namespace Turn;

/// <summary>An address of this machine's.</summary>
/// <param name="PrefixLength">Bits of it that its neighbours on the link share; 0: not known, or none.</param>
/// <param name="IsUp">Others may reach it now. One that is not is no peer, but not handed out either.</param>
public readonly record struct OwnAddress(IPAddress Address, int PrefixLength, bool IsUp = true);
