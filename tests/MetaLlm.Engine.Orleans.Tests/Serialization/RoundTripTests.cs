using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace MetaLlm.Engine.Orleans.Tests.Serialization;

/// <summary>Whatever crosses the wire arrives with every field.</summary>
public sealed class RoundTripTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSerializer(serializer => serializer.AddAssembly(typeof(OrleansTenantEngine).Assembly))
        .BuildServiceProvider();

    public static TheoryData<int, string> Cases { get; } = MakeCases();

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_field_arrives(int index, string type)
    {
        var sent = Samples.All[index];
        Assert.Equal(type, sent.GetType().Name);
        var serializer = _services.GetRequiredService<Serializer>();

        var received = serializer.Deserialize<object>(serializer.SerializeToArray<object>(sent));

        Assert.IsType(sent.GetType(), received);
        Assert.Equal(FieldDump.Lines(sent), FieldDump.Lines(received));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_field_that_is_new_must_be_in_the_sample_and_so_on_the_wire(int index, string type)
    {
        var untouched = FieldDump.Untouched(Samples.All[index]);
        Assert.True(untouched.Count == 0, $"Give the sample of {type} a value of its own for: {string.Join(", ", untouched)}.");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Callers_on_one_silo_share_what_never_changes(int index, string type)
    {
        var sent = Samples.All[index];
        Assert.Equal(type, sent.GetType().Name);

        var copy = _services.GetRequiredService<DeepCopier>().Copy(sent);

        if (sent.GetType().IsValueType)
        {
            Assert.Equal(sent, copy);
        }
        else
        {
            Assert.Same(sent, copy);
        }
    }

    [Fact]
    public void Every_type_on_the_wire_has_a_sample()
    {
        var sampled = Samples.All.Select(sample => sample.GetType().Name).ToHashSet();
        var missing = ContractText.SerializedNames().Where(name => !sampled.Contains(name));
        Assert.Equal(["LinearReduction", "SnapshotState"], missing.Order());
    }

    [Fact]
    public void Bad_arguments_arrive_as_such()
    {
        var serializer = _services.GetRequiredService<Serializer>();
        var sent = new ArgumentException("PriceWeight is -1.", "configuration");

        var received = Assert.IsType<ArgumentException>(serializer.Deserialize<Exception>(serializer.SerializeToArray<Exception>(sent)));

        Assert.Equal(sent.Message, received.Message);
    }

    private static TheoryData<int, string> MakeCases()
    {
        var cases = new TheoryData<int, string>();
        for (var i = 0; i < Samples.All.Count; i++)
        {
            cases.Add(i, Samples.All[i].GetType().Name);
        }

        return cases;
    }
}
