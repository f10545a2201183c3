{{- define "metallm.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "metallm.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ with .Values.image.digest }}@{{ . }}{{ end }}
{{- end -}}

{{- define "metallm.selector" -}}
app.kubernetes.io/name: metallm
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "metallm.labels" -}}
{{ include "metallm.selector" . }}
app.kubernetes.io/part-of: metallm
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{/* The configuration of pods of a role: what the chart knows, then what the values say. */}}
{{- define "metallm.configuration" -}}
{{- $root := .root -}}
{{- $own := dict
  "role" .role
  "listen" (list "http://0.0.0.0:8080")
  "drainSeconds" $root.Values.shutdown.drainSeconds
  "storage" (dict "kind" "postgres" "connectionFile" (printf "/run/secrets/metallm/%s" $root.Values.secretKeys.postgres))
  "cluster" (dict
    "clusterId" $root.Values.cluster.clusterId "serviceId" $root.Values.cluster.serviceId "membership" "postgres"
    "siloPort" 11111 "gatewayPort" 30000 "advertisedAddressEnvironment" "POD_IP") -}}
{{- with $root.Values.secretKeys.metrics -}}
{{- $_ := set $own "metrics" (dict "keyFile" (printf "/run/secrets/metallm/%s" .)) -}}
{{- end -}}
{{- with $root.Values.secretKeys.admin -}}
{{- if ne $.role "silo" -}}
{{- $_ := set $own "admin" (dict "keyFile" (printf "/run/secrets/metallm/%s" .)) -}}
{{- end -}}
{{- end -}}
{{- if $root.Values.clusterTlsSecret -}}
{{- $_ := set $own.cluster "tls" (dict "certificatePath" "/run/secrets/metallm-tls/tls.crt" "keyPath" "/run/secrets/metallm-tls/tls.key" "caPath" "/run/secrets/metallm-tls/ca.crt") -}}
{{- end -}}
{{- $said := deepCopy $root.Values.configuration -}}
{{- if eq .role "silo" -}}
{{- /* Silos serve the tenants that gateways set up: they need neither tenants nor keys of upstreams. */ -}}
{{- $said = omit $said "upstreams" "tenants" "admin" -}}
{{- end -}}
{{- dict "MetaLlm" (mustMergeOverwrite $own $said) | toPrettyJson -}}
{{- end -}}

{{- define "metallm.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1654
runAsGroup: 1654
fsGroup: 1654
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "metallm.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}
