using System.Text;
using MetaLlm.Providers.Dialects.Gemini;
using MetaLlm.Providers.Tests.Support;

namespace MetaLlm.Providers.Tests.Gemini;

public sealed class GeminiFuzzTests
{
    [Fact]
    public Task Every_answer_ends_well_or_with_a_failure_that_has_a_name() => DialectFuzz.RunAsync(new GeminiDialect(TimeProvider.System), 3000, (random, strange, stream) => stream
        ? GeminiCallTests.Stream(GeminiCallTests.Events.Where(_ => random.Next(20) > 0).Select(e => (random.Next(10) == 0 ? strange.Change(e) : e).Replace("\n", "", StringComparison.Ordinal)))
        : Encoding.UTF8.GetBytes(strange.Change(GeminiCallTests.Answer)));
}
