namespace MetaLlm.Engine.Orleans.Tests.Serialization;

/// <summary>Aliases and field numbers are what builds of different age understand each other by; a change of them is to be seen in review.</summary>
public sealed class ContractTests
{
    [Fact]
    public void The_wire_contracts_are_the_reviewed_ones()
    {
        var reviewed = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "OrleansContracts.txt"));
        var found = ContractText.Write();
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "OrleansContracts.found.txt"), found);
        Assert.Equal(reviewed, found);
    }

    [Fact]
    public void What_everything_travels_by_has_the_version_of_the_wire_in_its_alias() =>
        Assert.All(
            ContractText.Write().Split('\n').Where(line => line.StartsWith("interface ", StringComparison.Ordinal) || line.EndsWith("= RecordedRewards", StringComparison.Ordinal)),
            line => Assert.Contains(" metallm.2.", line, StringComparison.Ordinal));

    [Fact]
    public void Everything_has_an_alias() => Assert.DoesNotContain("(no alias", ContractText.Write(), StringComparison.Ordinal);
}
