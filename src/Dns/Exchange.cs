using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Dns.Protocol;

namespace Dns;

/// <summary>One question to one server, and the answer to it: over UDP, and over TCP where that was cut off (RFC 7766 §5).</summary>
/// <remarks>
/// Against answers from others (RFC 5452): every question has a socket of its own, so that the kernel chooses a random port
/// for it, and it is connected, so that the kernel drops what comes from elsewhere, and tells at once when nobody is there;
/// the id is random; the question must come back as it was, with the case that its letters were given at random. An answer
/// that differs in nothing but this is asked for again over TCP, for servers that do not keep the case.
/// </remarks>
internal sealed class Exchange(TimeProvider time)
{
    /// <summary>What passes everywhere without fragments (RFC 9715 §3.2, "DNS flag day 2020").</summary>
    private const ushort PayloadSize = 1232;

    // Whatever the server thinks of the size that it was told.
    private const int LargestDatagram = 4096;
    private const int LargestQuestion = 12 + DomainName.Longest + 4 + 11;

    /// <summary>The answer, or why there is none.</summary>
    internal readonly record struct Reply(Message? Message, string? Fault);

    public async Task<Reply> AskAsync(
        IPEndPoint server,
        Question question,
        bool edns,
        TimeSpan timeout,
        CancellationToken cancellation
    )
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(LargestDatagram);
        try
        {
            var query = new Query(question, edns ? PayloadSize : null);
            int length;
            using (var patience = new CancellationTokenSource(timeout, time))
            using (var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token))
                length = await AskByDatagramAsync(server, query, buffer, either.Token);
            if (length > 0)
                return Read(query.Restore(buffer.AsSpan(0, length)));
            // In pieces and in order: a time of its own.
            using (var patience = new CancellationTokenSource(timeout, time))
            using (var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token))
                return await AskByStreamAsync(server, query, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(null, "no answer in time");
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            return new(null, fault.Message);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Reply Read(ReadOnlySpan<byte> bytes) =>
        MessageReader.TryRead(bytes, out Message? message, out string? fault)
            ? new(message, null)
            : new(null, "a damaged answer: " + fault);

    // Zero: to be asked for again over TCP.
    private static async Task<int> AskByDatagramAsync(
        IPEndPoint server,
        Query query,
        byte[] buffer,
        CancellationToken cancellation
    )
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellation);
        await socket.SendAsync(query.Bytes, cancellation);
        while (true)
        {
            int length = await socket.ReceiveAsync(buffer.AsMemory(0, LargestDatagram), cancellation);
            switch (query.Look(buffer.AsSpan(0, length)))
            {
                case Match.Whole:
                    return length;
                case Match.Cut or Match.OtherCase:
                    return 0;
            }
        }
    }

    private static async Task<Reply> AskByStreamAsync(IPEndPoint server, Query query, CancellationToken cancellation)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellation);
        await using var stream = new NetworkStream(socket);
        byte[] framed = new byte[2 + query.Bytes.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Bytes.Length);
        query.Bytes.Span.CopyTo(framed.AsSpan(2));
        await stream.WriteAsync(framed, cancellation);
        await stream.ReadExactlyAsync(framed.AsMemory(0, 2), cancellation);
        byte[] answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(framed)];
        await stream.ReadExactlyAsync(answer, cancellation);
        return query.Look(answer) is Match.Whole or Match.OtherCase
            ? Read(query.Restore(answer))
            : new(null, "another answer than was asked for");
    }

    private enum Match
    {
        None,
        Whole,
        Cut,
        OtherCase,
    }

    /// <summary>What is sent, and what belongs to it.</summary>
    private sealed class Query
    {
        private readonly Question _question;
        private readonly ushort _id;
        private readonly int _end;
        private readonly byte[] _plain;

        public Query(Question question, ushort? payloadSize)
        {
            _question = question;
            Span<byte> random = stackalloc byte[2 + DomainName.Longest];
            RandomNumberGenerator.Fill(random);
            _id = BinaryPrimitives.ReadUInt16LittleEndian(random);
            var message = new Message
            {
                Id = _id,
                // AD asks to be told (RFC 6840 §5.7).
                Flags = MessageFlags.RecursionDesired | MessageFlags.AuthenticData,
                Questions = [question],
                Edns = payloadSize is { } size ? new Edns(size) : null,
            };
            byte[] bytes = new byte[LargestQuestion];
            if (!MessageWriter.TryWrite(message, bytes, out int length))
                throw new InvalidOperationException("a question is never that long");
            _plain = question.Name.Wire.ToArray();
            _end = MessageReader.HeaderLength + _plain.Length + 4;
            for (int i = 0; i < _plain.Length; i++)
                if (char.IsAsciiLetter((char)_plain[i]))
                    bytes[MessageReader.HeaderLength + i] ^= (byte)(random[2 + i] & 0x20);
            Bytes = bytes.AsMemory(0, length);
        }

        public ReadOnlyMemory<byte> Bytes { get; }

        public Match Look(ReadOnlySpan<byte> answer)
        {
            if (answer.Length < MessageReader.HeaderLength || BinaryPrimitives.ReadUInt16BigEndian(answer) != _id)
                return Match.None;
            // The older ones send nothing but the header back when they do not understand (RFC 6891 §7). It says nothing
            // of a name: whoever guesses the id could have sent it.
            if (answer.Length == MessageReader.HeaderLength && (answer[2] & 0xF8) == 0x80)
                return (ResponseCode)(answer[3] & 0xF) is ResponseCode.FormatError or ResponseCode.NotImplemented
                    ? Match.Whole
                    : Match.None;
            if (
                !MessageReader.TryReadQuestion(answer, out Message? header, out Question? question)
                || question != _question
                || !header.Has(MessageFlags.Response)
                || header.Opcode != Opcode.Query
            )
                return Match.None;
            if (answer.Length < _end || !answer[12.._end].SequenceEqual(Bytes.Span[12.._end]))
                return Match.OtherCase;
            return header.Has(MessageFlags.Truncated) ? Match.Cut : Match.Whole;
        }

        /// <summary>With the letters as they were given: names of the answer point there.</summary>
        public Span<byte> Restore(Span<byte> answer)
        {
            if (answer.Length >= _end)
                _plain.CopyTo(answer[MessageReader.HeaderLength..]);
            return answer;
        }
    }
}
