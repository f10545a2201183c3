using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MetaLlm.Core.Conversations;

namespace MetaLlm.Core.Tests.Conversations;

public sealed class HandleHashTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(16 * 1024)]
    [InlineData(70_000)]
    public void It_is_the_beginning_of_a_SHA256_of_all_that_was_appended_in_whatever_pieces(int length)
    {
        var text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26))));
        var expected = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"acme\0kind\0{text}é")));
        foreach (var piece in new[] { 1, 7, 1_000, 9_000, 20_000, 100_000 })
        {
            using var hash = new HandleHash("acme", "kind");
            for (var at = 0; at < length; at += piece)
            {
                var part = text.Substring(at, Math.Min(piece, length - at));
                if (at % 2 == 0)
                {
                    hash.Append(part);
                }
                else
                {
                    hash.Append(Encoding.UTF8.GetBytes(part));
                }

                // Looking changes nothing.
                Assert.NotEqual(0ul, hash.Current);
                if (at / piece > 100)
                {
                    hash.Append(text.AsSpan(at + part.Length).ToString());
                    break;
                }
            }

            hash.Append("é");
            Assert.Equal(expected, hash.Current);
        }
    }
}
