using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>A client of one format that asks models of one kind of upstream.</summary>
/// <param name="Gateway">The gateway.</param>
/// <param name="Surface">The format.</param>
/// <param name="Kind">The kind's name, which its arm bears.</param>
internal sealed record Probe(RunningGateway Gateway, Surface Surface, string Kind)
{
    private static int _asked;

    /// <summary>Receives every answer and event; null where nobody wants them.</summary>
    public ConcurrentQueue<SeenAnswer>? Seen { get; init; }

    /// <summary>A question that any model answers. None is asked twice, so that no conversation is taken for another model's.</summary>
    public Question Question => new(Kind, $"Say something, {Interlocked.Increment(ref _asked)}.");

    /// <summary>Asks, and reads the answer, whole or streamed.</summary>
    /// <exception cref="Refused">An error came in its place.</exception>
    /// <exception cref="Unmet">The answer is not whole.</exception>
    public async Task<Heard> AskAsync(Question question)
    {
        if (!question.Stream)
        {
            return Surface.Read(await PostAsync(question));
        }

        using var response = await Gateway.Alpha.StreamAsync(Surface.Write(question), Surface.Path);
        await Refused.ThrowAsync(response);
        var texts = await EventStream.ReadAsync(response);
        var events = texts.Where(text => text != "[DONE]").Select(text => JsonNode.Parse(text)!).ToList();
        events.ForEach(data => Seen?.Enqueue(new SeenAnswer(Kind, response.StatusCode, data, IsEvent: true)));
        Unmet.Unless(events.Count > 0, "The stream is empty.");
        Unmet.Unless(!events.Exists(data => data["error"] is JsonObject), "The stream ends with an error.");
        return Surface.ReadStream(events);
    }

    /// <summary>Asks for an answer that is no stream.</summary>
    /// <exception cref="Refused">An error came in its place.</exception>
    public Task<JsonNode> PostAsync(Question question) => PostAsync(Surface.Write(question), Surface.Path);

    /// <summary>Sends a request.</summary>
    /// <exception cref="Refused">It was refused.</exception>
    public async Task<JsonNode> PostAsync(JsonObject request, string path)
    {
        var reply = await Gateway.Alpha.PostAsync(path, request);
        Seen?.Enqueue(new SeenAnswer(Kind, reply.Status, JsonNode.Parse(reply.Text)!, IsEvent: false));
        return reply.Status == HttpStatusCode.OK ? JsonNode.Parse(reply.Text)! : throw new Refused(reply.Status, reply.Text, reply.Headers.ContainsKey(Refused.DecisionHeader));
    }

    /// <summary>Asks with members of the format's own, which are to go on to the model.</summary>
    /// <param name="members">The members, JSON.</param>
    /// <exception cref="Refused">They were refused.</exception>
    /// <exception cref="LeftOut">The model was asked without.</exception>
    public async Task PassAsync(string members)
    {
        var reply = await Gateway.Alpha.PostAsync(Surface.Path, Surface.Write(Question with { More = JsonNode.Parse(members)!.AsObject() }));
        Seen?.Enqueue(new SeenAnswer(Kind, reply.Status, JsonNode.Parse(reply.Text)!, IsEvent: false));
        if (reply.Status != HttpStatusCode.OK)
        {
            throw new Refused(reply.Status, reply.Text, reply.Headers.ContainsKey(Refused.DecisionHeader));
        }

        if (reply.Headers.TryGetValue(LeftOut.Header, out var left))
        {
            throw new LeftOut(left);
        }
    }

    /// <summary>Calls tools for as long as the model wants them.</summary>
    /// <param name="question">What is asked.</param>
    /// <returns>Every answer, the last one without calls.</returns>
    public async Task<IReadOnlyList<Heard>> ConverseAsync(Question question)
    {
        const int Most = 5;
        var heard = new List<Heard>();
        for (var steps = new List<Step>(); steps.Count < Most;)
        {
            heard.Add(await AskAsync(question with { Steps = steps }));
            if (heard[^1].Calls.Count == 0)
            {
                return heard;
            }

            steps.Add(new Step(heard[^1], [.. heard[^1].Calls.Select((_, i) => $"{20 + i} degrees")]));
        }

        throw new Unmet($"The model calls tools after {Most} steps.");
    }
}
