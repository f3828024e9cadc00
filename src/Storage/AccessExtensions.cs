using System.Diagnostics.CodeAnalysis;
using Xmpp.Server.Stores;

namespace Storage;

/// <summary>How the stores reach the connection behind an access.</summary>
internal static class AccessExtensions
{
    public static Statement Sql(this Access access, [ConstantExpected] string text) =>
        access switch
        {
            WriteTransaction transaction => transaction.Connection.Sql(text),
            ReadAccess reader => reader.Connection.Sql(text),
            _ => throw new ArgumentException("Not an access to this database.", nameof(access)),
        };

    public static WriteTransaction Own(this Transaction transaction) =>
        transaction as WriteTransaction
        ?? throw new ArgumentException("Not a transaction of this database.", nameof(transaction));
}
