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
    public void Everything_has_an_alias() => Assert.DoesNotContain("(no alias", ContractText.Write(), StringComparison.Ordinal);
}
