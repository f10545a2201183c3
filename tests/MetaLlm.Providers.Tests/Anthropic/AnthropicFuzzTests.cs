using System.Text;
using MetaLlm.Providers.Dialects.Anthropic;
using MetaLlm.Providers.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Providers.Tests.Anthropic;

public sealed class AnthropicFuzzTests
{
    [Fact]
    public Task Every_answer_ends_well_or_with_a_failure_that_has_a_name() => DialectFuzz.RunAsync(
        new AnthropicDialect(TimeProvider.System), 5000, (random, strange, stream) => Encoding.UTF8.GetBytes(stream ? Stream(random, strange) : strange.Change(AnthropicCallTests.Message)));

    private static string Stream(Random random, StrangeJson strange)
    {
        var text = new StringBuilder();
        foreach (var e in AnthropicCallTests.Events.Where(_ => random.Next(40) > 0))
        {
            var (name, json) = (e.Split('|')[0], e.Split('|')[1]);
            text.Append(name).Append("\ndata: ").Append((random.Next(20) == 0 ? strange.Change(json) : json).Replace("\n", "", StringComparison.Ordinal)).Append("\n\n");
        }

        return text.ToString();
    }
}
