using System.Text;
using MetaLlm.Providers.Dialects.Bedrock;
using MetaLlm.Providers.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Providers.Tests.Bedrock;

public sealed class BedrockFuzzTests
{
    [Fact]
    public Task Every_answer_ends_well_or_with_a_failure_that_has_a_name() => DialectFuzz.RunAsync(
        new BedrockDialect(TimeProvider.System), 3000, (random, strange, stream) => stream ? Stream(random, strange) : Encoding.UTF8.GetBytes(strange.Change(BedrockCallTests.Answer)));

    private static byte[] Stream(Random random, StrangeJson strange)
    {
        byte[] bytes = [.. BedrockCallTests.Events.Where(_ => random.Next(40) > 0).SelectMany(e => AmazonEvents.Event(e.Name, random.Next(20) == 0 ? strange.Change(e.Json) : e.Json))];
        if (random.Next(4) == 0)
        {
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        }

        return random.Next(8) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }
}
