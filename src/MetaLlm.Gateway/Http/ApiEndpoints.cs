using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace MetaLlm.Gateway.Http;

/// <summary>Maps handlers and the filters before them without code that is generated while the host runs.</summary>
internal static class ApiEndpoints
{
    private static readonly MethodInfo Writing = typeof(ApiEndpoints).GetMethod(nameof(WriteAsync), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Puts a filter before all endpoints of a group, or before one; those of outer groups come first.</summary>
    public static TBuilder AddFilter<TBuilder>(this TBuilder builder, IApiFilter filter)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(filter));
        return builder;
    }

    /// <summary>Maps a handler.</summary>
    /// <param name="group">Where it stands.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="methods">Its methods; null for every one.</param>
    /// <param name="handler">
    /// Takes the request and up to five texts, named as what they are in the pattern or else in the query. Returns an <see cref="IResult"/>, a task of one, or a task after which
    /// the answer is written.
    /// </param>
    public static IEndpointConventionBuilder MapHandler(this IEndpointRouteBuilder group, string pattern, IEnumerable<string>? methods, Delegate handler)
    {
        var run = ToRequestDelegate(handler);
        var endpoint = methods is null ? group.Map(pattern, run) : group.MapMethods(pattern, methods, run);
        endpoint.Add(builder => Describe(builder, handler.Method));
        endpoint.Finally(static builder =>
        {
            foreach (var filter in builder.Metadata.OfType<IApiFilter>().Reverse())
            {
                var next = builder.RequestDelegate!;
                builder.RequestDelegate = context => filter.InvokeAsync(context, next);
            }
        });
        return endpoint;
    }

    internal static RequestDelegate ToRequestDelegate(Delegate handler)
    {
        if (handler is RequestDelegate whole)
        {
            return whole;
        }

        var names = handler.Method.GetParameters().Skip(1).Select(parameter => parameter.Name!).ToArray();
        Func<HttpContext, object> call = handler switch
        {
            Func<HttpContext, object> f => f,
            Func<HttpContext, string, object> f => context => f(context, Text(context, names[0])),
            Func<HttpContext, string, string, object> f => context => f(context, Text(context, names[0]), Text(context, names[1])),
            Func<HttpContext, string, string, string, object> f => context => f(context, Text(context, names[0]), Text(context, names[1]), Text(context, names[2])),
            Func<HttpContext, string, string, string, string, object> f => context =>
                f(context, Text(context, names[0]), Text(context, names[1]), Text(context, names[2]), Text(context, names[3])),
            Func<HttpContext, string, string, string, string, string, object> f => context =>
                f(context, Text(context, names[0]), Text(context, names[1]), Text(context, names[2]), Text(context, names[3]), Text(context, names[4])),
            _ => throw new ArgumentException($"{handler.Method} takes something other than a request and up to five texts.", nameof(handler)),
        };
        var returned = handler.Method.ReturnType;
        if (typeof(IResult).IsAssignableFrom(returned))
        {
            return context => ((IResult)call(context)).ExecuteAsync(context);
        }

        if (returned == typeof(Task))
        {
            return context => (Task)call(context);
        }

        var write = Writing.MakeGenericMethod(returned.GetGenericArguments()[0]).CreateDelegate<Func<HttpContext, object, Task>>();
        return context => write(context, call(context));
    }

    private static async Task WriteAsync<T>(HttpContext context, object task)
        where T : IResult
    {
        var result = await ((Task<T>)task).ConfigureAwait(false);
        await result.ExecuteAsync(context).ConfigureAwait(false);
    }

    // A text that a pattern names is always there; one of the query may be null, and its handler says so.
    private static string Text(HttpContext context, string name)
    {
        if (context.Request.RouteValues[name] is string part)
        {
            return part;
        }

        var texts = context.Request.Query[name];
        return texts.Count <= 1 ? ((string?)texts)! : throw ApiException.BadField(name, $"is given {texts.Count} times; it may be once.");
    }

    private static void Describe(EndpointBuilder builder, MethodInfo method)
    {
        builder.Metadata.Add(method);
        foreach (var parameter in method.GetParameters())
        {
            if (parameter.ParameterType != typeof(HttpContext))
            {
                builder.Metadata.Add(new TextParameter(parameter));
            }
        }

        var result = typeof(Task).IsAssignableFrom(method.ReturnType) && method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments()[0] : method.ReturnType;
        if (result.IsGenericType && result.GetGenericTypeDefinition() == typeof(ApiResult<>))
        {
            builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, result.GetGenericArguments()[0], ["application/json"]));
        }
    }

    private sealed class TextParameter(ParameterInfo parameter) : IParameterBindingMetadata
    {
        public string Name => ParameterInfo.Name!;

        public bool HasTryParse => false;

        public bool HasBindAsync => false;

        public ParameterInfo ParameterInfo { get; } = parameter;

        public bool IsOptional => new NullabilityInfoContext().Create(ParameterInfo).ReadState == NullabilityState.Nullable;
    }
}
