using Dns.Protocol;

namespace Dns;

/// <summary>
/// What a message says to a question (RFC 1034 §5.3.3, RFC 2308 §2, RFC 6604 §3): only records on the way from the name that
/// was asked for count, since anything else could be put in beside them.
/// </summary>
internal static class AnswerReader
{
    /// <summary>So many aliases in a row are taken for a mistake.</summary>
    public const int MostAliases = 16;

    /// <summary>Where the aliases in it lead, and what it says there.</summary>
    /// <param name="Status">Null: nothing yet, the name where they lead is to be asked for.</param>
    /// <param name="Seconds">How long all of it holds; 0 where it does not say.</param>
    internal sealed record Reading(
        AnswerStatus? Status,
        DomainName Name,
        int Aliases,
        uint Seconds,
        IReadOnlyList<Record> Records
    )
    {
        public string? Why { get; init; }
    }

    public static Reading Read(Message message, Question question)
    {
        DomainName name = question.Name;
        uint seconds = uint.MaxValue;
        int aliases = 0;
        while (true)
        {
            Record[] here = [.. message.Answers.Where(r => r.Name == name && r.Class == question.Class)];
            Record[] found = [.. here.Where(r => r.Type == question.Type || question.Type == RecordType.ANY)];
            if (found.Length > 0)
                return new(AnswerStatus.Found, name, aliases, Math.Min(seconds, found.Min(Seconds)), found);
            if (Array.Find(here, r => r.Type == RecordType.CNAME) is not { Data: NameData alias } record)
                break;
            seconds = Math.Min(seconds, Seconds(record));
            name = alias.Name;
            if (++aliases > MostAliases)
                return new(AnswerStatus.Failed, name, aliases, 0, []) { Why = "its aliases do not end" };
        }

        // How long "no" holds (RFC 2308 §5); without an authority it is not kept.
        Record? authority = message.Authorities.FirstOrDefault(r => r.Data is AuthorityData && name.IsWithin(r.Name));
        uint negative = authority is { Data: AuthorityData soa } ? Math.Min(Seconds(authority), soa.Minimum) : 0;
        if (message.Code == ResponseCode.NoSuchName)
            return new(AnswerStatus.NoSuchName, name, aliases, Math.Min(seconds, negative), []);
        // A server that does not go after aliases in other zones leaves that to who asked.
        return aliases > 0 && authority is null
            ? new(null, name, aliases, seconds, [])
            : new(AnswerStatus.NoData, name, aliases, Math.Min(seconds, negative), []);
    }

    /// <summary>Why a server's answer is none, so that the next server is asked; null when it is one.</summary>
    public static string? Refusal(Message message)
    {
        if (message.Code is not (ResponseCode.NoError or ResponseCode.NoSuchName))
            return message.Code switch
            {
                ResponseCode.ServerFailure => "SERVFAIL",
                ResponseCode.Refused => "REFUSED",
                ResponseCode.FormatError => "FORMERR",
                ResponseCode.NotImplemented => "NOTIMP",
                ResponseCode.BadVersion => "BADVERS",
                _ => $"response code {(int)message.Code}",
            };
        return
            message is { Code: ResponseCode.NoError, Answers.Count: 0 }
            && !message.Has(MessageFlags.Authoritative | MessageFlags.RecursionAvailable)
            && !message.Authorities.Any(record => record.Type == RecordType.SOA)
            ? "it neither knows nor asks others"
            : null;
    }

    // The highest bit says nothing (RFC 2181 §8).
    private static uint Seconds(Record record) => record.TimeToLive > int.MaxValue ? 0 : record.TimeToLive;
}
