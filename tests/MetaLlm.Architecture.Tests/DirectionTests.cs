namespace MetaLlm.Architecture.Tests;

public sealed class DirectionTests
{
    /// <summary>What each project may see of the others, directly or not; a new project must be entered here.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["MetaLlm.Core"] = [],
        ["MetaLlm.Simulator"] = [],
        ["MetaLlm.Engine"] = ["MetaLlm.Core"],
        ["MetaLlm.Engine.Orleans"] = ["MetaLlm.Core", "MetaLlm.Engine"],
        ["MetaLlm.Evaluation"] = ["MetaLlm.Core", "MetaLlm.Engine"],
        ["MetaLlm.Storage"] = ["MetaLlm.Core", "MetaLlm.Engine"],
        ["MetaLlm.Embeddings"] = ["MetaLlm.Core", "MetaLlm.Engine"],
        ["MetaLlm.Providers"] = ["MetaLlm.Core", "MetaLlm.Engine"],
        ["MetaLlm.Gateway"] = ["MetaLlm.Core", "MetaLlm.Engine", "MetaLlm.Evaluation"],
        ["MetaLlm.Console"] = ["MetaLlm.Core", "MetaLlm.Engine", "MetaLlm.Evaluation", "MetaLlm.Gateway"],
        ["MetaLlm"] =
        [
            "MetaLlm.Core", "MetaLlm.Engine", "MetaLlm.Evaluation", "MetaLlm.Engine.Orleans", "MetaLlm.Storage", "MetaLlm.Embeddings", "MetaLlm.Providers", "MetaLlm.Gateway",
        ],
        ["MetaLlm.Extensions.AI"] =
        [
            "MetaLlm", "MetaLlm.Core", "MetaLlm.Engine", "MetaLlm.Evaluation", "MetaLlm.Engine.Orleans", "MetaLlm.Storage", "MetaLlm.Embeddings", "MetaLlm.Providers", "MetaLlm.Gateway",
        ],
        ["MetaLlm.Aspire.Hosting"] = [],
        ["MetaLlm.Aspire.Client"] = [],
        ["MetaLlm.Host"] =
        [
            "MetaLlm", "MetaLlm.Core", "MetaLlm.Engine", "MetaLlm.Evaluation", "MetaLlm.Engine.Orleans", "MetaLlm.Storage", "MetaLlm.Embeddings",
            "MetaLlm.Providers", "MetaLlm.Gateway", "MetaLlm.Console", "MetaLlm.Simulator",
        ],
        ["MetaLlm.Lab"] =
        [
            "MetaLlm", "MetaLlm.Core", "MetaLlm.Engine", "MetaLlm.Evaluation", "MetaLlm.Engine.Orleans", "MetaLlm.Storage", "MetaLlm.Embeddings",
            "MetaLlm.Providers", "MetaLlm.Gateway", "MetaLlm.Console", "MetaLlm.Simulator", "MetaLlm.Host",
        ],
        ["MetaLlm.Chaos"] =
        [
            "MetaLlm", "MetaLlm.Core", "MetaLlm.Engine", "MetaLlm.Evaluation", "MetaLlm.Engine.Orleans", "MetaLlm.Storage", "MetaLlm.Embeddings",
            "MetaLlm.Providers", "MetaLlm.Gateway", "MetaLlm.Console", "MetaLlm.Simulator", "MetaLlm.Host",
        ],
    };

    public static TheoryData<string> Projects { get; } = [.. Project.InSource.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_what_its_place_in_the_layout_allows(string name)
    {
        Assert.True(Allowed.TryGetValue(name, out var allowed), $"{name} is new: say in {nameof(DirectionTests)} what it may see.");
        var seen = Project.InSource[name].Closure().Where(p => p.Split('.')[0] == "MetaLlm");
        Assert.Empty(seen.Except(allowed));
    }

    [Fact]
    public void Core_depends_on_the_base_library_on_tensors_and_on_what_makes_its_records_the_wire_contract()
    {
        var core = Project.InSource["MetaLlm.Core"];
        Assert.Empty(core.Frameworks);
        Assert.Empty(core.Packages.Except(["System.Numerics.Tensors", "Microsoft.Orleans.Serialization", "Microsoft.CodeAnalysis.BannedApiAnalyzers"]));
    }

    [Fact]
    public void The_gateway_does_not_name_the_engine()
    {
        var naming = Repository.SourceFiles("src/MetaLlm.Gateway")
            .Where(f => File.ReadAllText(f).Contains("Engine.Orleans", StringComparison.Ordinal));
        Assert.Empty(naming.Select(Repository.Relative));
    }
}
