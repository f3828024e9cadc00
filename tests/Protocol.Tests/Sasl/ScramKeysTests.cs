using Shouldly;
using Xmpp.Sasl;
using Xunit;

namespace Protocol.Tests.Sasl;

public sealed class ScramKeysTests
{
    [Theory]
    [InlineData(ScramHash.Sha1, 20)]
    [InlineData(ScramHash.Sha256, 32)]
    public void New_keys_fit_their_password_and_no_other(ScramHash hash, int length)
    {
        var keys = ScramKeys.Create("пароль", hash);

        keys.Iterations.ShouldBe(10_000);
        keys.Salt.Length.ShouldBe(16);
        keys.StoredKey.Length.ShouldBe(length);
        keys.ServerKey.Length.ShouldBe(length);
        keys.Matches("пароль").ShouldBeTrue();
        keys.Matches("пароли").ShouldBeFalse();
        keys.Salt.ShouldNotBe(ScramKeys.Create("пароль", hash).Salt);
    }

    [Fact]
    public void The_numbers_that_are_stored_stay()
    {
        ((int)ScramHash.Sha1).ShouldBe(1);
        ((int)ScramHash.Sha256).ShouldBe(2);
    }

    [Theory]
    [InlineData(ScramHash.Sha1, "UPGR-SCRAM-SHA-1")]
    [InlineData(ScramHash.Sha256, "UPGR-SCRAM-SHA-256")]
    public void An_upgrade_has_its_name(ScramHash hash, string task)
    {
        ScramUpgrade.TaskName(hash).ShouldBe(task);
        ScramUpgrade.FromTaskName(task).ShouldBe(hash);
        ScramUpgrade.FromTaskName(task + "-PLUS").ShouldBeNull();
    }

    [Fact]
    public void An_upgrade_gives_keys_under_its_salt()
    {
        var upgrade = new ScramUpgrade(ScramHash.Sha256);
        var salted = new byte[32];
        ScramKeys.SaltPassword("pencil", upgrade.Hash, upgrade.Salt, upgrade.Iterations, salted);

        upgrade.Iterations.ShouldBe(ScramKeys.DefaultIterations);
        var keys = upgrade.Accept(salted).ShouldNotBeNull();
        keys.Salt.ShouldBe(upgrade.Salt);
        keys.Matches("pencil").ShouldBeTrue();
    }

    [Fact]
    public void The_upgrade_that_XEP_0480_prints_is_accepted()
    {
        // Its password is not printed, so the keys themselves cannot be checked.
        var upgrade = new ScramUpgrade(ScramHash.Sha256, Convert.FromBase64String("QV9TWENSWFE2c2VrOGJmX1o="), 4096);

        upgrade
            .Accept(Convert.FromBase64String("BzOnw3Pc5H4bOLlPZ/8JAy6wnTpH05aH21KW2+Xfpaw="))
            .ShouldNotBeNull()
            .Iterations.ShouldBe(4096);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(31)]
    [InlineData(33)]
    public void An_upgrade_of_another_length_is_refused(int length) =>
        new ScramUpgrade(ScramHash.Sha256).Accept(new byte[length]).ShouldBeNull();
}
