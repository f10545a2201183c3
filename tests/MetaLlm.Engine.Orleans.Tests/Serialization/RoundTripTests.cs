using System.Net.Sockets;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Migrations;
using MetaLlm.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Serialization;

namespace MetaLlm.Engine.Orleans.Tests.Serialization;

/// <summary>
/// Whatever crosses the wire arrives as it was sent. A member without a number is no matter of these tests: it is a build error (ORLEANS0004).
/// </summary>
public sealed class RoundTripTests : IDisposable
{
    private static readonly JsonSerializerOptions Named = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new ReductionText() },
    };

    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSerializer(serializer =>
        {
            foreach (var assembly in ContractText.Assemblies)
            {
                serializer.AddAssembly(assembly);
            }
        })
        .Configure<ExceptionSerializationOptions>(OrleansServiceCollectionExtensions.LetErrorsCross)
        .BuildServiceProvider();

    public static TheoryData<int, string> Cases { get; } = MakeCases();

    public void Dispose() => _services.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_field_arrives(int index, string type)
    {
        var sent = Samples.All[index];
        Assert.Equal(type, sent.GetType().Name);

        var received = Sent(sent);

        Assert.IsType(sent.GetType(), received);
        Assert.Equal(Text(sent), Text(received));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Callers_on_one_silo_share_what_never_changes(int index, string type)
    {
        var sent = Samples.All[index];
        Assert.Equal(type, sent.GetType().Name);

        var copy = _services.GetRequiredService<DeepCopier>().Copy(sent);

        if (sent is ValueType or Exception)
        {
            Assert.Equal(Text(sent), Text(copy));
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
        Assert.Equal(["SnapshotState", "TenantEvent"], missing.Order());
    }

    [Fact]
    public void Bad_arguments_arrive_as_such()
    {
        var received = Assert.IsType<ArgumentException>(Sent(new ArgumentException("PriceWeight is -1.", "configuration")));

        Assert.Equal("PriceWeight is -1. (Parameter 'configuration')", received.Message);
    }

    [Fact]
    public void The_cause_of_an_error_arrives_with_it()
    {
        var cause = new HttpRequestException(HttpRequestError.ConnectionError, "no way", new SocketException((int)SocketError.ConnectionRefused));

        var received = Assert.IsType<ChatProviderException>(Sent(new ChatProviderException(ChatFailure.Connection, "away", cause)));

        Assert.Equal((ChatFailure.Connection, "away", "no way"), (received.Failure, received.Message, received.InnerException?.Message));
    }

    [Fact]
    public void Every_error_of_ours_can_be_the_cause_of_another()
    {
        var errors = new[] { typeof(NoFeasibleArmException), typeof(EngineUnavailableException), typeof(CommitOutcomeUnknownException) }
            .SelectMany(known => known.Assembly.GetTypes())
            .Where(type => type.IsSubclassOf(typeof(Exception)) && !type.IsAbstract)
            .ToList();
        Assert.Contains(typeof(MigrationChangedException), errors);
        Assert.All(errors, type =>
        {
            var cause = (Exception)RuntimeHelpers.GetUninitializedObject(type);
            var received = Assert.IsType<EngineUnavailableException>(Sent(new EngineUnavailableException("away", cause)));
            Assert.NotNull(received.InnerException);
        });
    }

    [Fact]
    public void An_unknown_outcome_of_a_commit_arrives_with_its_words()
    {
        var lost = new CommitOutcomeUnknownException(new NpgsqlException("lost"));

        var received = Assert.IsType<EngineUnavailableException>(Sent(new EngineUnavailableException("away", lost)));

        Assert.Equal((lost.Message, "lost"), (received.InnerException?.Message, received.InnerException?.InnerException?.Message));
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

    // Of an error what it adds to an exception, and its message.
    private static string Text(object value) => value is Exception error
        ? $"{error.Message} {JsonSerializer.Serialize(error.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).ToDictionary(p => p.Name, p => p.GetValue(error)), Named)}"
        : JsonSerializer.Serialize(value, value.GetType(), Named);

    private object Sent(object value)
    {
        var serializer = _services.GetRequiredService<Serializer>();
        return serializer.Deserialize<object>(serializer.SerializeToArray<object>(value))!;
    }

    // Its numbers are spans, which JSON knows nothing of.
    private sealed class ReductionText : JsonConverter<LinearReduction>
    {
        public override LinearReduction Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, LinearReduction value, JsonSerializerOptions options) => JsonSerializer.Serialize(
            writer, new { value.Id, value.InputDimensions, value.OutputDimensions, Rows = value.Rows.ToArray(), Offset = value.Offset.ToArray() }, options);
    }
}
