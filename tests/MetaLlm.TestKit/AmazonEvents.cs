using System.Buffers.Binary;
using System.Text;

namespace MetaLlm.TestKit;

/// <summary>Writes messages of Amazon's event streams, with a checksum of its own making.</summary>
public static class AmazonEvents
{
    /// <summary>Media type of such streams.</summary>
    public const string MediaType = "application/vnd.amazon.eventstream";

    /// <summary>Writes an event.</summary>
    public static byte[] Event(string name, string json) => Message(json, (":event-type", name), (":content-type", "application/json"), (":message-type", "event"));

    /// <summary>Writes an exception, which ends a stream.</summary>
    public static byte[] Exception(string name, string json) => Message(json, (":exception-type", name), (":content-type", "application/json"), (":message-type", "exception"));

    /// <summary>Writes a message.</summary>
    public static byte[] Message(string payload, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var head = new List<byte>();
        foreach (var (name, value) in headers)
        {
            head.Add((byte)name.Length);
            head.AddRange(Encoding.UTF8.GetBytes(name));
            head.Add(7);
            head.AddRange([(byte)(value.Length >> 8), (byte)value.Length]);
            head.AddRange(Encoding.UTF8.GetBytes(value));
        }

        var body = Encoding.UTF8.GetBytes(payload);
        var message = new byte[12 + head.Count + body.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), head.Count);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), Checksum(message.AsSpan(0, 8)));
        head.CopyTo(message, 12);
        body.CopyTo(message, 12 + head.Count);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(message.Length - 4), Checksum(message.AsSpan(0, message.Length - 4)));
        return message;
    }

    /// <summary>CRC-32 as Ethernet has it, bit by bit.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var one in bytes)
        {
            sum ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ ((sum & 1) == 0 ? 0 : 0xEDB88320);
            }
        }

        return ~sum;
    }
}
