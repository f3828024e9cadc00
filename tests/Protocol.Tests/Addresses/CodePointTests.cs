using Shouldly;
using Xmpp.Addresses.Unicode;
using Xunit;

namespace Protocol.Tests.Addresses;

/// <summary>What the generator derives, at points where it is easily wrong.</summary>
public sealed class CodePointTests
{
    [Theory]
    [InlineData(' ', Permission.ValidInFreeform, Permission.Disallowed)]
    [InlineData('!', Permission.Valid, Permission.Disallowed)]
    [InlineData('-', Permission.Valid, Permission.Valid)]
    [InlineData('A', Permission.Valid, Permission.Disallowed)]
    [InlineData('a', Permission.Valid, Permission.Valid)]
    [InlineData(0x7F, Permission.Disallowed, Permission.Disallowed)]
    [InlineData(0xA0, Permission.ValidInFreeform, Permission.Disallowed)]
    [InlineData(0xAD, Permission.Disallowed, Permission.Disallowed)]
    [InlineData(0xB7, Permission.ContextO, Permission.ContextO)]
    [InlineData(0xDF, Permission.Valid, Permission.Valid)]
    [InlineData(0x130, Permission.Valid, Permission.Disallowed)]
    [InlineData(0x131, Permission.Valid, Permission.Valid)]
    [InlineData(0x378, Permission.Unassigned, Permission.Unassigned)]
    [InlineData(0x3C2, Permission.Valid, Permission.Valid)]
    [InlineData(0x640, Permission.Disallowed, Permission.Disallowed)]
    [InlineData(0x1100, Permission.Disallowed, Permission.Disallowed)]
    [InlineData(0x13A0, Permission.Valid, Permission.Valid)]
    [InlineData(0xAB70, Permission.Valid, Permission.Disallowed)]
    [InlineData(0x19DA, Permission.ValidInFreeform, Permission.Disallowed)]
    [InlineData(0x200D, Permission.ContextJ, Permission.ContextJ)]
    [InlineData(0x20D0, Permission.Valid, Permission.Disallowed)]
    [InlineData(0x2163, Permission.ValidInFreeform, Permission.Disallowed)]
    [InlineData(0x3007, Permission.Valid, Permission.Valid)]
    [InlineData(0xD800, Permission.Disallowed, Permission.Disallowed)]
    [InlineData(0xE000, Permission.Disallowed, Permission.Disallowed)]
    [InlineData(0xFFFE, Permission.Disallowed, Permission.Disallowed)]
    [InlineData(0x1F4A9, Permission.ValidInFreeform, Permission.Disallowed)]
    [InlineData(0x31350, Permission.Valid, Permission.Valid)] // new in Unicode 15
    [InlineData(0xE0001, Permission.Disallowed, Permission.Disallowed)]
    [InlineData(0x10FFFD, Permission.Disallowed, Permission.Disallowed)]
    [InlineData(0x10FFFF, Permission.Disallowed, Permission.Disallowed)]
    public void A_code_point_is_allowed_or_not(int point, object precis, object idna)
    {
        CodePoint.Of(point).Precis.ShouldBe((Permission)precis);
        CodePoint.Of(point).Idna.ShouldBe((Permission)idna);
    }
}
